package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Lookback;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code analysis.metrics}: what is built in and queries first, templates after all of them, as Flagger asks. */
final class MetricsReader {
    private static final String SUCCESS_RATE = "request-success-rate";
    private static final String DURATION = "request-duration";
    private static final Lookback USUAL = new Lookback("1m", Duration.ofMinutes(1));
    private static final Lookback UNSAID = new Lookback("", Duration.ZERO);

    private final List<MetricCheck> first = new ArrayList<>();
    private final List<MetricCheck> then = new ArrayList<>();
    private final String namespace;

    private MetricsReader(String namespace) {
        this.namespace = namespace;
    }

    static List<MetricCheck> read(JsonNode metrics, String namespace) {
        MetricsReader reader = new MetricsReader(namespace);
        metrics.forEach(reader::read);
        List<MetricCheck> all = new ArrayList<>(reader.first);
        all.addAll(reader.then);
        return all;
    }

    private void read(JsonNode metric) {
        String name = metric.path("name").asText();
        String query = metric.path("query").asText("");
        boolean templated = metric.has("templateRef");
        if (name.equals(SUCCESS_RATE)) {
            first.add(check(metric, new Source.SuccessRate(), USUAL));
        } else if (name.equals(DURATION)) {
            first.add(check(metric, new Source.RequestDuration(), USUAL));
        } else if (query.isEmpty() && !templated) {
            then.add(check(metric, new Source.Nothing(), USUAL));
        }
        if (!query.isEmpty()) {
            first.add(check(metric, new Source.Inline(query), USUAL));
        }
        if (templated) {
            JsonNode ref = metric.path("templateRef");
            then.add(check(
                    metric,
                    new Source.Template(
                            ref.path("name").asText(),
                            ref.path("namespace").asText(namespace),
                            ServiceReader.map(metric.path("templateVariables"))),
                    UNSAID));
        }
    }

    private static MetricCheck check(JsonNode metric, Source source, Lookback usual) {
        return new MetricCheck(metric.path("name").asText(), source, range(metric, source), lookback(metric, usual));
    }

    private static Lookback lookback(JsonNode metric, Lookback usual) {
        String text = metric.path("interval").asText("");
        return GoDuration.parse(text).map(time -> new Lookback(text, time)).orElse(usual);
    }

    private static Range range(JsonNode metric, Source source) {
        JsonNode range = metric.path("thresholdRange");
        if (range.isObject()) {
            return new Range(
                    range.path("min").asDouble(Double.NEGATIVE_INFINITY),
                    range.path("max").asDouble(Double.POSITIVE_INFINITY));
        }
        double threshold = metric.path("threshold").asDouble();
        return source instanceof Source.SuccessRate ? Range.atLeast(threshold) : Range.atMost(threshold);
    }
}
