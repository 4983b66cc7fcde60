package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.ServiceRef;
import java.util.Optional;

/**
 * One entry of {@code backendRefs} (spec §6.5.5).
 *
 * @param service empty if it is none that may be asked: its share is answered 500
 * @param weight  0 to 1,000,000
 */
record Backend(Optional<ServiceRef> service, int weight) {
    /** Whether any requests go to it. */
    boolean isAsked() {
        return weight > 0 && service.isPresent();
    }
}
