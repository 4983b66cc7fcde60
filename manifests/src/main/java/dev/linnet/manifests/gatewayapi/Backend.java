package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.ServiceRef;
import java.util.Optional;

/**
 * One entry of {@code backendRefs} (spec §6.5.5).
 *
 * @param service empty if it is none that may be asked: its share is answered 500
 * @param weight  0 to 1,000,000
 * @param filters what is done with requests where it serves, beside what its rule does
 */
record Backend(Optional<ServiceRef> service, int weight, Filters filters) {
    Backend withWeight(int other) {
        return new Backend(service, other, filters);
    }

    Backend with(Filters other) {
        return new Backend(service, weight, other);
    }

    /** Whether any requests go to it. */
    boolean isAsked() {
        return weight > 0 && service.isPresent();
    }
}
