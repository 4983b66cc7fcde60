package dev.linnet.manifests.flagger;

import dev.linnet.manifests.gotemplate.GoTemplate;
import dev.linnet.manifests.gotemplate.TemplateMistake;
import dev.linnet.manifests.gotemplate.Value;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Names;
import java.util.HashMap;
import java.util.Map;

/** The queries of a Canary's metrics, filled in (spec of Flagger, §5.2 and §5.3). */
public final class MetricQueries {
    private MetricQueries() {}

    /**
     * Fills a template.
     *
     * @param template of a MetricTemplate, or a metric's own {@code query}
     */
    public static String fill(String template, CanaryPlan plan, MetricCheck check) throws TemplateMistake {
        Names names = plan.release().names();
        Map<String, Value> values = new HashMap<>();
        values.put("name", Value.of(names.canary()));
        values.put("namespace", Value.of(names.namespace()));
        values.put("target", Value.of(names.target()));
        values.put("service", Value.of(names.service()));
        values.put("ingress", Value.of(ingress(plan)));
        values.put("route", Value.of(plan.measuring().route()));
        values.put("interval", Value.of(check.lookback().text()));
        values.put(
                "variables",
                Value.of(
                        check.source() instanceof Source.Template asked
                                ? asked.variables()
                                : Map.<String, String>of()));
        return GoTemplate.parse(template, values).render();
    }

    private static String ingress(CanaryPlan plan) {
        return plan.ingress().orElse(plan.release().names().target());
    }

    /** What Prometheus is asked for the success rate (percent) or the duration (milliseconds) of a canary. */
    public static String builtIn(CanaryPlan plan, MetricCheck check) {
        BuiltInMetric metric = metric(plan);
        String window = "[" + check.lookback().text() + "]";
        return check.source() instanceof Source.RequestDuration ? metric.duration(window) : metric.successRate(window);
    }

    /** How many series the store has of what {@link #builtIn} is made of, of anybody's: none means that nobody collects them. */
    public static String presence(CanaryPlan plan) {
        return "count(" + metric(plan).requests() + ")";
    }

    /** Providers are asked as Flagger asks them, so that what feeds it feeds us. */
    private static BuiltInMetric metric(CanaryPlan plan) {
        Names names = plan.release().names();
        String provider = plan.release().routing().provider();
        return switch (provider) {
            case "nginx" -> BuiltInMetric.nginx(names, ingress(plan));
            case "istio" -> BuiltInMetric.istio(names);
            case KnativeService.PROVIDER ->
                BuiltInMetric.knative(names, plan.measuring().route());
            default -> BuiltInMetric.pods(names, plan.release().kind());
        };
    }
}
