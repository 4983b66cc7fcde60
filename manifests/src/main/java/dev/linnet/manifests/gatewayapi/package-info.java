/**
 * Objects of {@code gateway.networking.k8s.io} ⇄ routing values and statuses (spec of Istio and Gateway API, §6). Start reading at
 * {@link dev.linnet.manifests.gatewayapi.GatewayApi}.
 */
@NullMarked
package dev.linnet.manifests.gatewayapi;

import org.jspecify.annotations.NullMarked;
