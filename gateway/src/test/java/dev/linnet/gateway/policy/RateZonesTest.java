package dev.linnet.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.Rates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class RateZonesTest {
    private final RateZones zones = new RateZones(() -> 1);

    private static ObjectRef ingress(int number) {
        return new ObjectRef("Ingress", "shop", "web-" + number);
    }

    private static Rates rates(int perSecond) {
        return new Rates(
                OptionalInt.of(perSecond), OptionalInt.empty(), OptionalInt.empty(), 5, AddressRanges.NONE, 503, 503);
    }

    @Test
    void allLoopsCountTogetherHoweverManyIngressesHaveLimits() {
        List<RateZone> held = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            held.add(zones.of(ingress(i), rates(1)));
        }

        for (int i = 0; i < held.size(); i++) {
            assertThat(zones.of(ingress(i), rates(1))).isSameAs(held.get(i));
        }
        assertThat(zones.of(ingress(0), rates(2))).as("other limits").isNotSameAs(held.getFirst());
    }

    @Test
    void forgetsThoseThatNoLoopCountsWith() {
        for (int i = 0; i < 100; i++) {
            zones.of(ingress(i), rates(1));
        }

        await().until(() -> {
            System.gc();
            return zones.size() == 0;
        });
    }
}
