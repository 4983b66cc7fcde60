/**
 * Kubernetes objects as routing values, with the problems their authors should hear about. Pure: no clocks, no sockets.
 *
 * <p>One package per family of objects ({@code ingress}, {@code endpoints}): each translator owns the precedence that its
 * objects define, and hands over rules in the order in which they are to be asked.
 */
@NullMarked
package dev.linnet.manifests;

import org.jspecify.annotations.NullMarked;
