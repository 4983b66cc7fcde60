/**
 * Runs while Linnet is built: reads the types of the Kubernetes API from its Java client and writes them down as data.
 * None of this code, and none of what it reads from, ships; {@code docs/decisions/0002-kubernetes-schemas.md} says why.
 */
@NullMarked
package dev.linnet.kubernetes.schemas;

import org.jspecify.annotations.NullMarked;
