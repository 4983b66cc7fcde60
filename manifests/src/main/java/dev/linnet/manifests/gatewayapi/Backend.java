package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.HeadEdits;
import java.util.Optional;

/**
 * One entry of {@code backendRefs} (spec §6.5.5).
 *
 * @param service empty if it is none that may be asked: its share is answered 500
 * @param weight  0 to 1,000,000
 * @param edits   what is changed in heads where it serves, if that is not the same for all backends of its rule
 */
record Backend(Optional<ServiceRef> service, int weight, HeadEdits edits) {
    /** Another version of a joint release, which gets none by weight. */
    static Backend ofRelease(ServiceRef service) {
        return new Backend(Optional.of(service), 0, HeadEdits.NONE);
    }

    Backend with(HeadEdits other) {
        return new Backend(service, weight, other);
    }

    /** Whether any requests go to it. */
    boolean isAsked() {
        return weight > 0 && service.isPresent();
    }
}
