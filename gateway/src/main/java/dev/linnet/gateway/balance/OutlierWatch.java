package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.TrafficPolicy.Outliers;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts how badly the endpoints of one Service port have answered in a row (Istio's {@code outlierDetection}, spec §2.6). Written by all
 * event loops without waiting: where two say something at once, an error more or less may count.
 */
public final class OutlierWatch {
    private final Outliers rules;
    private final Map<Endpoint, Tally> known = new ConcurrentHashMap<>();
    private final AtomicBoolean looked = new AtomicBoolean();
    private final AtomicLong nextLook = new AtomicLong();

    public OutlierWatch(Outliers rules) {
        this.rules = rules;
    }

    private static final class Tally {
        private final AtomicInteger errors = new AtomicInteger();
        private final AtomicInteger gatewayErrors = new AtomicInteger();
        private final AtomicInteger localErrors = new AtomicInteger();
        private final AtomicInteger times = new AtomicInteger();

        void forget() {
            reset(errors);
            reset(gatewayErrors);
            reset(localErrors);
        }
    }

    /** Writes only where there is something to be changed: nearly always there is not. */
    private static void reset(AtomicInteger count) {
        if (count.getPlain() != 0) {
            count.set(0);
        }
    }

    public Outliers rules() {
        return rules;
    }

    /** An endpoint has answered. True if it should be left out now. */
    public boolean answered(Endpoint endpoint, int status) {
        boolean bad = status >= 500;
        Tally tally = bad ? of(endpoint) : known.get(endpoint);
        if (tally == null) {
            return false; // it has never done anything wrong
        }
        reset(tally.localErrors);
        boolean gateway = status >= 502 && status <= 504;
        boolean tooMany = isTooMany(tally.errors, bad, rules.errors());
        boolean tooManyOfGateways = isTooMany(tally.gatewayErrors, gateway, rules.gatewayErrors());
        return tooMany || tooManyOfGateways;
    }

    /** An endpoint gave no answer. True if it should be left out now. */
    public boolean failed(Endpoint endpoint) {
        Tally tally = of(endpoint);
        if (rules.localErrors() > 0) {
            return isTooMany(tally.localErrors, true, rules.localErrors());
        }
        boolean tooMany = isTooMany(tally.errors, true, rules.errors());
        boolean tooManyOfGateways = isTooMany(tally.gatewayErrors, true, rules.gatewayErrors());
        return tooMany || tooManyOfGateways;
    }

    private Tally of(Endpoint endpoint) {
        return known.computeIfAbsent(endpoint, _ -> new Tally());
    }

    private static boolean isTooMany(AtomicInteger count, boolean bad, int most) {
        if (!bad) {
            reset(count);
            return false;
        }
        return count.incrementAndGet() >= most && most > 0;
    }

    /** For how many nanoseconds it would be left out now. */
    public long lasting(Endpoint endpoint) {
        return rules.lasting(of(endpoint).times.get() + 1).toNanos();
    }

    /** It is left out from now on. */
    public void leftOut(Endpoint endpoint) {
        Tally tally = of(endpoint);
        tally.forget();
        tally.times.incrementAndGet();
    }

    /** Whether it is time to look who may come back: an interval after the first call, and so on. True for one caller only. */
    public boolean isDue(long now) {
        if (looked.compareAndSet(false, true)) {
            nextLook.set(now + rules.interval().toNanos());
            return false;
        }
        long next = nextLook.get();
        return now - next >= 0
                && nextLook.compareAndSet(next, now + rules.interval().toNanos());
    }

    /** All but those that are left out have been good for one interval more: the next time they are left out is so much shorter. */
    public void allBehaveBut(Set<Endpoint> out) {
        known.forEach((endpoint, tally) -> {
            if (!out.contains(endpoint)) {
                tally.times.updateAndGet(times -> Math.max(0, times - 1));
            }
        });
    }

    /** There are no others any more. */
    public void keepOnly(Collection<Endpoint> endpoints) {
        known.keySet().retainAll(endpoints);
    }
}
