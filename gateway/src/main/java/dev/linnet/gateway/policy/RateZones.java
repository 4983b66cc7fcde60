package dev.linnet.gateway.policy;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.policy.Rates;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The counters of all Ingresses that limit something. All event loops share those of one, and they last as long as any loop has a route
 * that counts with them: however many there are, and over changes of routes, but not of the limits themselves.
 */
final class RateZones {
    private final Map<ObjectRef, Held> zones = new ConcurrentHashMap<>();
    private final ReferenceQueue<RateZone> gone = new ReferenceQueue<>();
    private final IntSupplier replicas;

    private static final class Held extends WeakReference<RateZone> {
        private final ObjectRef source;

        Held(ObjectRef source, RateZone zone, ReferenceQueue<RateZone> gone) {
            super(zone, gone);
            this.source = source;
        }
    }

    /** @param replicas how many gateways are ready, and so share the limits */
    RateZones(IntSupplier replicas) {
        this.replicas = replicas;
    }

    RateZone of(ObjectRef source, Rates rates) {
        forgetTheGone();
        RateZone fresh = new RateZone(rates, replicas);
        while (true) {
            Held held =
                    zones.compute(source, (_, known) -> isAlike(known, rates) ? known : new Held(source, fresh, gone));
            RateZone zone = held.get();
            if (zone != null) {
                return zone;
            }
        }
    }

    private static boolean isAlike(@Nullable Held known, Rates rates) {
        RateZone zone = known == null ? null : known.get();
        return zone != null && zone.rates().equals(rates);
    }

    private void forgetTheGone() {
        for (var held = gone.poll(); held != null; held = gone.poll()) {
            if (held instanceof Held one) {
                zones.remove(one.source, one);
            }
        }
    }

    /** How many are known. */
    int size() {
        forgetTheGone();
        return zones.size();
    }
}
