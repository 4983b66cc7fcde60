package dev.linnet.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.plan.Affinity;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.Checks;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Mirror;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.plan.OnTrouble;
import dev.linnet.rollout.plan.Options;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Routing;
import dev.linnet.rollout.plan.Routing.Ability;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.plan.TargetKind;
import dev.linnet.rollout.plan.TroublePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads as much of a Canary as stories need, by the field names of Flagger's API. */
final class CanaryYaml {
    private final JsonNode spec;
    private final JsonNode analysis;
    private final JsonNode annotations;

    private CanaryYaml(JsonNode canary) {
        this.spec = canary.path("spec");
        this.analysis = spec.path("analysis");
        this.annotations = canary.path("metadata").path("annotations");
    }

    static Release read(JsonNode canary) {
        return new CanaryYaml(canary).release();
    }

    private Release release() {
        String target = spec.path("targetRef").path("name").asText("podinfo");
        Names names = new Names(
                "podinfo", "test", target, spec.path("service").path("name").asText(target));
        String provider = spec.path("provider").asText("nginx");
        return new Release(names, kind(provider), new Routing(provider, abilities(provider)), analysis(), options());
    }

    private TargetKind kind(String provider) {
        return switch (spec.path("targetRef").path("kind").asText("Deployment")) {
            case "DaemonSet" -> TargetKind.DAEMON_SET;
            case "Service" -> provider.equals("knative") ? TargetKind.KNATIVE : TargetKind.SERVICE;
            default -> TargetKind.DEPLOYMENT;
        };
    }

    private static Set<Ability> abilities(String provider) {
        return switch (provider) {
            case "istio" -> Set.of(Ability.values());
            case "gatewayapi:v1" ->
                Set.of(Ability.SPLIT, Ability.MATCH, Ability.SPLIT_MATCH, Ability.MIRROR_BLUE_GREEN, Ability.AFFINITY);
            case "nginx" -> Set.of(Ability.SPLIT, Ability.MATCH);
            case "kubernetes" -> Set.of();
            default -> Set.of(Ability.SPLIT);
        };
    }

    private Options options() {
        return new Options(
                spec.path("skipAnalysis").asBoolean(),
                spec.path("suspend").asBoolean(),
                spec.path("revertOnDeletion").asBoolean(),
                annotations.path("linnet.dev/fast-abort").asBoolean(true),
                spec.has("autoscalerRef"),
                Duration.ofSeconds(spec.path("progressDeadlineSeconds").asLong(600)));
    }

    private Analysis analysis() {
        Checks checks = new Checks(
                duration(analysis.path("interval").asText("1m")),
                analysis.path("threshold").asInt(1),
                metrics(),
                new TroublePolicy(trouble("on-no-data"), trouble("on-no-traffic"), trouble("on-metrics-down")));
        return new Analysis(strategy(), checks, hooks(), audience(), affinity());
    }

    private OnTrouble trouble(String annotation) {
        return OnTrouble.valueOf(
                annotations.path("linnet.dev/" + annotation).asText("fail").toUpperCase(Locale.ROOT));
    }

    static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    private Strategy strategy() {
        int iterations = analysis.path("iterations").asInt();
        int promotion = analysis.path("stepWeightPromotion").asInt();
        Mirror mirror = new Mirror(
                analysis.path("mirror").asBoolean(),
                analysis.path("mirrorWeight").asInt());
        if (iterations > 0) {
            return analysis.has("match")
                    ? new Strategy.AbTest(iterations)
                    : new Strategy.BlueGreen(iterations, mirror, promotion);
        }
        List<Integer> weights = new ArrayList<>();
        analysis.path("stepWeights").forEach(weight -> weights.add(weight.asInt()));
        Steps steps = new Steps(
                analysis.path("stepWeight").asInt(),
                weights,
                analysis.path("maxWeight").asInt(100));
        return new Strategy.Weighted(steps, mirror, promotion);
    }

    private List<Match> audience() {
        List<Match> matches = new ArrayList<>();
        for (JsonNode match : analysis.path("match")) {
            Map<String, Match.Text> headers = new HashMap<>();
            match.path("headers")
                    .properties()
                    .forEach(header -> headers.put(
                            header.getKey(),
                            new Match.Text(
                                    Match.Text.Kind.EXACT,
                                    header.getValue().path("exact").asText())));
            matches.add(new Match(headers, Map.of(), Map.of()));
        }
        return matches;
    }

    private Affinity affinity() {
        JsonNode affinity = analysis.path("sessionAffinity");
        return affinity.isMissingNode()
                ? Affinity.NONE
                : new Affinity(
                        affinity.path("cookieName").asText(),
                        affinity.path("primaryCookieName").asText(""),
                        Duration.ofSeconds(affinity.path("maxAge").asLong(86400)),
                        List.of());
    }

    private List<Hook> hooks() {
        List<Hook> hooks = new ArrayList<>();
        for (JsonNode hook : analysis.path("webhooks")) {
            String type = hook.path("type").asText("rollout");
            hooks.add(new Hook(
                    Arrays.stream(HookType.values())
                            .filter(known -> known.toString().equals(type))
                            .findFirst()
                            .orElseThrow(),
                    hook.path("name").asText(),
                    new Hook.Call(hook.path("url").asText("http://tester"), Duration.ofSeconds(10), 0, false),
                    hook.path("muteAlert").asBoolean(),
                    Map.of()));
        }
        return hooks;
    }

    /** In Flagger's order: what is built in and queries first, templates after all of them. */
    private List<MetricCheck> metrics() {
        List<MetricCheck> first = new ArrayList<>();
        List<MetricCheck> then = new ArrayList<>();
        for (JsonNode metric : analysis.path("metrics")) {
            String name = metric.path("name").asText();
            boolean isBuiltIn = name.equals("request-success-rate") || name.equals("request-duration");
            if (isBuiltIn) {
                first.add(
                        check(metric, name.endsWith("rate") ? new Source.SuccessRate() : new Source.RequestDuration()));
            }
            if (metric.has("query")) {
                first.add(check(metric, new Source.Inline(metric.path("query").asText())));
            }
            if (metric.has("templateRef")) {
                then.add(check(
                        metric,
                        new Source.Template(
                                metric.path("templateRef").path("name").asText(), "test", Map.of())));
            }
            if (!isBuiltIn && !metric.has("query") && !metric.has("templateRef")) {
                then.add(check(metric, new Source.Nothing()));
            }
        }
        first.addAll(then);
        return first;
    }

    private static MetricCheck check(JsonNode metric, Source source) {
        return new MetricCheck(
                metric.path("name").asText(),
                source,
                range(metric, source),
                new MetricCheck.Lookback("1m", duration(metric.path("interval").asText("1m"))));
    }

    private static Range range(JsonNode metric, Source source) {
        JsonNode range = metric.path("thresholdRange");
        if (!range.isMissingNode()) {
            return new Range(
                    range.path("min").asDouble(Double.NEGATIVE_INFINITY),
                    range.path("max").asDouble(Double.POSITIVE_INFINITY));
        }
        double threshold = metric.path("threshold").asDouble();
        return source instanceof Source.SuccessRate ? Range.atLeast(threshold) : Range.atMost(threshold);
    }
}
