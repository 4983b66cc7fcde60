package dev.linnet.gateway.policy;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.policy.Rates;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** The counters of all Ingresses that limit something. They outlive changes of routes, but not of the limits themselves. */
final class RateZones {
    private static final int MANY = 4096;

    private final Map<ObjectRef, RateZone> zones = new ConcurrentHashMap<>();
    private final IntSupplier replicas;

    /** @param replicas how many gateways are ready, and so share the limits */
    RateZones(IntSupplier replicas) {
        this.replicas = replicas;
    }

    RateZone of(ObjectRef source, Rates rates, long now) {
        if (zones.size() >= MANY && !zones.containsKey(source)) {
            zones.values().removeIf(zone -> zone.isIdle(now)); // of objects that are gone, among others
        }
        return zones.compute(
                source,
                (_, known) -> known != null && known.rates().equals(rates) ? known : new RateZone(rates, replicas));
    }
}
