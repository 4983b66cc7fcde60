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
import java.util.Optional;
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

    /**
     * All gateways at one moment, by name and start.
     *
     * @param asked nothing that happened before it is missing
     * @param at    nothing that happened after it is counted
     */
    private record Reading(Instant asked, Instant at, Map<String, Snapshot> gateways) {}

    /**
     * What happened to a release's requests in some time.
     *
     * @param until the end of that time: what is counted next begins there, so that nothing is counted twice
     */
    public record Counted(Requests canary, Requests primary, Instant until) {}

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

    /** Takes a reading unless there is one that was begun at or after this moment. */
    public void readSince(Instant moment) throws InterruptedException {
        reader.lockInterruptibly();
        try {
            if (lastAsked().isBefore(moment)) {
                take();
            }
        } finally {
            reader.unlock();
        }
    }

    private synchronized Instant lastAsked() {
        return readings.isEmpty() ? Instant.MIN : readings.getLast().asked;
    }

    private synchronized Duration age() {
        return readings.isEmpty() ? KEPT : Duration.between(readings.getLast().at, clock.instant());
    }

    /** That the gateways could not be looked up says nothing of them. */
    private void take() throws InterruptedException {
        Map<String, Snapshot> all = new HashMap<>();
        Instant asked = clock.instant();
        try {
            gateways.count().stream()
                    .flatMap(answer -> answer.snapshot().stream())
                    .forEach(snapshot -> all.put(snapshot.gateway() + "@" + snapshot.started(), snapshot));
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("the gateways cannot be found");
            return;
        }
        keep(new Reading(asked, clock.instant(), all));
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
        Sum sum = sum(version(plan, true), since.isBefore(began) ? began : since, began);
        if (sum.requests() <= 0) {
            return new MetricValue.NoTraffic("no values found");
        }
        return new MetricValue.Value(
                check.source() instanceof Source.SuccessRate ? sum.successRate() : Math.floor(sum.meanMillis()));
    }

    /**
     * Requests of both versions since a moment.
     *
     * @param since where the last ones ended, or when a step began
     * @param began what the version before did says nothing about this one
     */
    public synchronized Counted requests(CanaryPlan plan, Instant since, Instant began) {
        Instant last = readings.isEmpty() ? since : readings.getLast().at;
        return new Counted(
                requests(version(plan, true), since, began),
                requests(version(plan, false), since, began),
                last.isAfter(since) ? last : since);
    }

    private Requests requests(Version version, Instant since, Instant began) {
        Sum sum = sum(version, since, began);
        long total = Math.max(0, sum.requests());
        return new Requests(total, Math.clamp(sum.failed(), 0, total));
    }

    private static Version version(CanaryPlan plan, boolean canary) {
        Names names = plan.release().names();
        return plan.routesByIngress()
                ? Version.ofIngress(names.namespace(), plan.ingress().orElseThrow(), canary)
                : Version.ofService(names.namespace(), names.service(), canary);
    }

    private Sum sum(Version version, Instant since, Instant began) {
        Sum sum = Sum.NONE;
        if (readings.isEmpty()) {
            return sum;
        }
        for (Map.Entry<String, Snapshot> gateway : readings.getLast().gateways.entrySet()) {
            Sum before = before(gateway.getKey(), gateway.getValue(), since, began)
                    .map(snapshot -> Sum.of(snapshot, version::has))
                    .orElse(Sum.NONE);
            sum = sum.plus(Sum.of(gateway.getValue(), version::has).since(before));
        }
        return sum;
    }

    /**
     * What a gateway had counted at a moment, or when it answered for the first time after it: one that was silent then is no new one. Empty
     * for a new one, all of whose requests came after that moment. Nobody reads between two runs, so that the last reading of a run does not know
     * what its version still did when the run ended: it is none to begin the next run with.
     */
    private Optional<Snapshot> before(String gateway, Snapshot last, Instant since, Instant began) {
        Snapshot before = last;
        for (Iterator<Reading> newest = readings.descendingIterator(); newest.hasNext(); ) {
            Reading reading = newest.next();
            Snapshot earlier = reading.gateways.get(gateway);
            if (earlier == null) {
                continue;
            }
            if (reading.asked.isBefore(began)) {
                return Optional.of(before);
            }
            before = earlier;
            if (!reading.at.isAfter(since)) {
                return Optional.of(before);
            }
        }
        return last.started().isAfter(since) ? Optional.empty() : Optional.of(before);
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
