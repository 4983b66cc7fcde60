package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code analysis.metrics}: what is built in and queries first, templates after all of them, as Flagger asks. */
final class MetricsReader {
    private static final String SUCCESS_RATE = "request-success-rate";
    private static final String DURATION = "request-duration";
    private static final Duration USUAL_INTERVAL = Duration.ofMinutes(1);

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
            first.add(check(metric, new Source.SuccessRate(), USUAL_INTERVAL));
        } else if (name.equals(DURATION)) {
            first.add(check(metric, new Source.RequestDuration(), USUAL_INTERVAL));
        } else if (query.isEmpty() && !templated) {
            then.add(check(metric, new Source.Nothing(), USUAL_INTERVAL));
        }
        if (!query.isEmpty()) {
            first.add(check(metric, new Source.Inline(query), USUAL_INTERVAL));
        }
        if (templated) {
            JsonNode ref = metric.path("templateRef");
            then.add(check(
                    metric,
                    new Source.Template(
                            ref.path("name").asText(),
                            ref.path("namespace").asText(namespace),
                            ServiceReader.map(metric.path("templateVariables"))),
                    Duration.ZERO));
        }
    }

    private static MetricCheck check(JsonNode metric, Source source, Duration usual) {
        Duration interval = GoDuration.parse(metric.path("interval").asText("")).orElse(usual);
        return new MetricCheck(metric.path("name").asText(), source, range(metric, source), interval);
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
