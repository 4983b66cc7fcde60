package dev.linnet.gateway;

import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule.CanarySide;
import java.util.Optional;

/** Canaries of the tests' one Service. */
final class Canaries {
    private Canaries() {}

    static CanarySide weight(int weight) {
        return side(new CanarySelector(Optional.empty(), Optional.empty(), new Share(weight, 100)));
    }

    static CanarySide header(String name, int weight) {
        return side(new CanarySelector(
                Optional.of(new HeaderRule.AlwaysNever(name)), Optional.empty(), new Share(weight, 100)));
    }

    static CanarySide cookie(String name) {
        return side(new CanarySelector(Optional.empty(), Optional.of(name), Share.NONE));
    }

    static CanarySide with(CanarySelector selector) {
        return side(selector);
    }

    private static CanarySide side(CanarySelector selector) {
        return new CanarySide(World.CANARY, selector, new ObjectRef("Ingress", "default", "web-canary"));
    }
}
