package dev.linnet.gateway.policy;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What has become of copies of requests. All event loops of a gateway count here. */
public final class Mirrored implements MetricSource {
    private static final String TOTAL = PrometheusPage.OURS + "mirrored_requests_total";

    private final Map<Fate, LongAdder> counts = new EnumMap<>(Fate.class);

    /** Of one copy. */
    enum Fate {
        /** Whatever the answer was. */
        ANSWERED,
        /** Nobody was there, or nobody answered in time. */
        FAILED,
        /** It could not keep up with the original. */
        TOO_SLOW,
        /** The original ended before its body did. */
        CUT_SHORT,
        /** Too many others were on their way. */
        CROWDED_OUT
    }

    Mirrored() {
        for (Fate fate : Fate.values()) {
            counts.put(fate, new LongAdder());
        }
    }

    void count(Fate fate) {
        Objects.requireNonNull(counts.get(fate)).increment();
    }

    @Override
    public void writeTo(PrometheusPage page) {
        page.family(TOTAL, MetricType.COUNTER, "copies of requests that were to go to a mirror");
        counts.forEach((fate, count) ->
                page.sample(TOTAL, Map.of("outcome", fate.name().toLowerCase(Locale.ROOT)), (double) count.sum()));
    }
}
