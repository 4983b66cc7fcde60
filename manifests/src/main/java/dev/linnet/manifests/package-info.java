/** Kubernetes objects as routing values, with the problems their authors should hear about. */
@NullMarked
package dev.linnet.manifests;

import org.jspecify.annotations.NullMarked;
