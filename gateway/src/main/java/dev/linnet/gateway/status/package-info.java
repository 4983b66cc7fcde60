/**
 * What the gateway writes into the Kubernetes API: {@code status.loadBalancer} of Ingresses, conditions of Gateway API, and Events that tell authors what
 * is not obeyed. Plain blocking code on one thread. Start reading at {@link dev.linnet.gateway.status.StatusWriter}.
 */
@NullMarked
package dev.linnet.gateway.status;

import org.jspecify.annotations.NullMarked;
