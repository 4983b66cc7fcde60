/** Services and EndpointSlices as endpoints (spec of ingress-nginx, §3.3). */
@NullMarked
package dev.linnet.manifests.endpoints;

import org.jspecify.annotations.NullMarked;
