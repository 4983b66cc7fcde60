package dev.linnet.controller.metrics;

import dev.linnet.manifests.endpoints.GatewayServices;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Sum;
import dev.linnet.numbers.Version;
import dev.linnet.rollout.judge.Comparison.Requests;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Names;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Success rate and duration from our gateways' counters, exact and at most a second old: no metrics server is needed. Readings are kept for as
 * long as checks look back, and taken only while a release runs.
 */
public final class GatewayNumbers {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayNumbers.class);
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final int MOST_READINGS = 1_200;

    /** Between two readings, with some time to take one. */
    private static final Duration GAP = Duration.ofMillis(1_500);

    private final Gateways gateways;
    private final InstantSource clock;
    private final Deque<Reading> readings = new ArrayDeque<>();

    /** One reading at a time, so that counters never seem to shrink. */
    private final ReentrantLock reader = new ReentrantLock();

    /** All gateways at one moment, by name. */
    private record Reading(Instant at, Map<String, Snapshot> gateways) {}

    public GatewayNumbers(Gateways gateways, InstantSource clock) {
        this.gateways = gateways;
        this.clock = clock;
    }

    /** Takes a reading. To be called every second while it matters. */
    public void read() throws InterruptedException {
        read(Duration.ZERO);
    }

    /** Takes a reading unless the last one is younger than this: who judges every second must not miss what the last second brought. */
    public void read(Duration young) throws InterruptedException {
        reader.lockInterruptibly();
        try {
            if (young.isZero() || age().compareTo(young) >= 0) {
                take();
            }
        } finally {
            reader.unlock();
        }
    }

    private synchronized Duration age() {
        return readings.isEmpty() ? KEPT : Duration.between(readings.getLast().at, clock.instant());
    }

    /** That the gateways could not be looked up says nothing of them. */
    private void take() throws InterruptedException {
        Map<String, Snapshot> all = new HashMap<>();
        try {
            gateways.count().stream()
                    .flatMap(answer -> answer.snapshot().stream())
                    .forEach(snapshot -> all.put(snapshot.gateway() + "@" + snapshot.started(), snapshot));
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("the gateways cannot be found");
            return;
        }
        keep(new Reading(clock.instant(), all));
    }

    private synchronized void keep(Reading reading) {
        readings.addLast(reading);
        Iterator<Reading> old = readings.iterator();
        while (old.hasNext() && readings.size() > 2) {
            Reading oldest = old.next();
            if (readings.size() <= MOST_READINGS && oldest.at.isAfter(reading.at.minus(KEPT))) {
                return;
            }
            old.remove();
        }
    }

    /**
     * What a built-in metric shows of the canary.
     *
     * @param began what the version before did says nothing about this one
     */
    public synchronized MetricValue value(CanaryPlan plan, MetricCheck check, Instant began) {
        Instant since = clock.instant().minus(check.interval());
        if (readings.isEmpty()
                || readings.getLast().gateways.isEmpty()
                || readings.getLast().at.isBefore(since)) {
            return new MetricValue.StoreDown(
                    "no gateway answers (expected: Service " + GatewayServices.EDGE + ", or --gateway)");
        }
        Sum sum = sum(version(plan, true), since.isBefore(began) ? began : since);
        if (sum.requests() <= 0) {
            return new MetricValue.NoTraffic("no values found");
        }
        return new MetricValue.Value(
                check.source() instanceof Source.SuccessRate ? sum.successRate() : Math.floor(sum.meanMillis()));
    }

    /** Requests of one version since a moment. */
    public synchronized Requests requests(CanaryPlan plan, boolean canary, Instant since) {
        Sum sum = sum(version(plan, canary), since);
        long total = Math.max(0, sum.requests());
        return new Requests(total, Math.clamp(sum.failed(), 0, total));
    }

    private static Version version(CanaryPlan plan, boolean canary) {
        Names names = plan.release().names();
        return plan.routesByIngress()
                ? Version.ofIngress(names.namespace(), plan.ingress().orElseThrow(), canary)
                : Version.ofService(names.namespace(), names.service(), canary);
    }

    private Sum sum(Version version, Instant since) {
        Sum sum = Sum.NONE;
        if (readings.isEmpty()) {
            return sum;
        }
        for (Map.Entry<String, Snapshot> gateway : readings.getLast().gateways.entrySet()) {
            Sum now = Sum.of(gateway.getValue(), version::has);
            sum = sum.plus(
                    gateway.getValue().started().isAfter(since)
                            ? now
                            : now.since(Sum.of(before(gateway.getKey(), gateway.getValue(), since), version::has)));
        }
        return sum;
    }

    /** What a gateway had counted at a moment, or when it answered for the first time after it: one that was silent then is no new one. */
    private Snapshot before(String gateway, Snapshot last, Instant since) {
        Snapshot before = last;
        for (Iterator<Reading> newest = readings.descendingIterator(); newest.hasNext(); ) {
            Reading reading = newest.next();
            Snapshot earlier = reading.gateways.get(gateway);
            if (earlier != null) {
                before = earlier;
                if (!reading.at.isAfter(since)) {
                    break;
                }
            }
        }
        return before;
    }

    /**
     * How long readings must still be taken before they say enough: a controller that has just started has not seen what happened before.
     *
     * @param since  what happened from then on is of interest
     * @param enough a shorter time tells as much
     */
    public synchronized Duration untilCovering(Instant since, Duration enough) {
        Instant now = clock.instant();
        Instant first = readings.isEmpty() ? now : readings.getFirst().at;
        if (!first.isAfter(since.plus(GAP))) {
            return Duration.ZERO;
        }
        Duration left = enough.minus(Duration.between(first, now));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether all gateways that there should be obey these versions of objects, or later ones. */
    public boolean obey(Map<String, String> objects) throws InterruptedException {
        for (Gateways.Answer gateway : gateways.countAll()) {
            Map<String, String> concerning = concerning(gateway, objects);
            boolean lags = gateway.snapshot()
                    .filter(snapshot -> obeys(snapshot, concerning))
                    .isEmpty();
            if (!concerning.isEmpty() && lags) {
                return false;
            }
        }
        return true;
    }

    /** Those inside the cluster follow only what routes there: VirtualServices of their namespace, and what else they say they obey. */
    private static Map<String, String> concerning(Gateways.Answer gateway, Map<String, String> objects) {
        if (gateway.inside().isEmpty()) {
            return objects;
        }
        String routes = "VirtualService/" + gateway.inside().get() + "/";
        Map<String, String> concerning = new HashMap<>(objects);
        concerning
                .keySet()
                .removeIf(key -> !key.startsWith(routes)
                        && gateway.snapshot()
                                .filter(snapshot -> snapshot.applied().containsKey(key))
                                .isEmpty());
        return concerning;
    }

    private static boolean obeys(Snapshot snapshot, Map<String, String> objects) {
        return objects.entrySet().stream()
                .allMatch(object -> isAtLeast(snapshot.applied().get(object.getKey()), object.getValue()));
    }

    private static boolean isAtLeast(@org.jspecify.annotations.Nullable String applied, String wanted) {
        return applied != null
                && (applied.equals(wanted)
                        || (applied.length() == wanted.length()
                                ? applied.compareTo(wanted) > 0
                                : applied.length() > wanted.length()));
    }
}
