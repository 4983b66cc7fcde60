/** Istio's objects: VirtualService, DestinationRule and Gateway as rules (spec of Istio, §1 to §3). */
@NullMarked
package dev.linnet.manifests.istio;

import org.jspecify.annotations.NullMarked;
