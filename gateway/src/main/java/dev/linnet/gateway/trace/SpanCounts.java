package dev.linnet.gateway.trace;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What has become of finished spans. Any thread counts here. */
final class SpanCounts implements MetricSource {
    private static final String TOTAL = PrometheusPage.OURS + "spans_total";

    private final Map<Fate, LongAdder> counts = new EnumMap<>(Fate.class);

    /** Of one span. */
    enum Fate {
        /** The collector has it. */
        EXPORTED,
        /** The collector could not be reached, or did not take it. */
        FAILED,
        /** Too many others waited, or the gateway stopped first. */
        DROPPED
    }

    SpanCounts() {
        for (Fate fate : Fate.values()) {
            counts.put(fate, new LongAdder());
        }
    }

    void count(Fate fate, long spans) {
        Objects.requireNonNull(counts.get(fate)).add(spans);
    }

    @Override
    public void writeTo(PrometheusPage page) {
        page.family(TOTAL, MetricType.COUNTER, "spans of requests that were to go to a collector");
        counts.forEach((fate, count) ->
                page.sample(TOTAL, Map.of("outcome", fate.name().toLowerCase(Locale.ROOT)), (double) count.sum()));
    }
}
