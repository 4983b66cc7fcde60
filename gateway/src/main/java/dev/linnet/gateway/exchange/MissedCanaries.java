package dev.linnet.gateway.exchange;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Side;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests that were on the canary's side of a joint release and met the primary of a member, because its canary had no endpoints. All event
 * loops of a gateway count here.
 */
public final class MissedCanaries implements MetricSource {
    private static final String TOTAL = PrometheusPage.OURS + "release_missed_canaries_total";

    /** Names come from objects, but those may come and go. */
    private static final int MOST = 1024;

    private final Map<Missed, LongAdder> counts = new ConcurrentHashMap<>();

    /** A Service that could not serve, and the release that led there. */
    private record Missed(JointRelease release, String service) {}

    void count(Side canary) {
        canary.release()
                .map(release -> new Missed(release, canary.backend().name()))
                .ifPresent(this::count);
    }

    private void count(Missed missed) {
        LongAdder known = counts.get(missed);
        if (known != null) {
            known.increment();
        } else if (counts.size() < MOST) {
            counts.computeIfAbsent(missed, _ -> new LongAdder()).increment();
        }
    }

    @Override
    public void writeTo(PrometheusPage page) {
        page.family(
                TOTAL,
                MetricType.COUNTER,
                "requests on the canary's side of a joint release that met the primary for want of the canary's endpoints");
        counts.forEach((missed, count) -> page.sample(
                TOTAL,
                Map.of(
                        "namespace", missed.release().namespace(),
                        "release", missed.release().name(),
                        "service", missed.service()),
                (double) count.sum()));
    }
}
