package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.plan.Affinity;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.Checks;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Match.Text;
import dev.linnet.rollout.plan.Mirror;
import dev.linnet.rollout.plan.OnTrouble;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.plan.TroublePolicy;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code spec.analysis}. */
final class AnalysisReader {
    private static final Duration USUAL_INTERVAL = Duration.ofMinutes(1);
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    private final ObjectMeta metadata;
    private final JsonNode analysis;

    private AnalysisReader(ObjectMeta metadata, JsonNode analysis) {
        this.metadata = metadata;
        this.analysis = analysis;
    }

    static Analysis read(ObjectMeta metadata, JsonNode analysis) throws UnreadableCanary {
        if (analysis.isMissingNode()) {
            throw new UnreadableCanary("analysis is missing (expected: interval, threshold and steps or iterations)");
        }
        AnalysisReader reader = new AnalysisReader(metadata, analysis);
        return new Analysis(reader.strategy(), reader.checks(), reader.hooks(), reader.audience(), reader.affinity());
    }

    private Strategy strategy() {
        int iterations = analysis.path("iterations").asInt();
        int promotion = analysis.path("stepWeightPromotion").asInt();
        Mirror mirror = new Mirror(
                analysis.path("mirror").asBoolean(),
                analysis.path("mirrorWeight").asInt());
        if (iterations > 0) {
            return analysis.path("match").isEmpty()
                    ? new Strategy.BlueGreen(iterations, mirror, promotion)
                    : new Strategy.AbTest(iterations);
        }
        List<Integer> weights = new ArrayList<>();
        analysis.path("stepWeights").forEach(weight -> weights.add(weight.asInt()));
        int max = analysis.path("maxWeight").asInt();
        Steps steps = new Steps(analysis.path("stepWeight").asInt(), weights, max > 0 ? max : Steps.DEFAULT_MAX_WEIGHT);
        return new Strategy.Weighted(steps, mirror, promotion);
    }

    private Checks checks() throws UnreadableCanary {
        Duration interval = GoDuration.parse(analysis.path("interval").asText(""))
                .filter(Duration::isPositive)
                .orElse(USUAL_INTERVAL);
        return new Checks(
                interval,
                Math.max(1, analysis.path("threshold").asInt()),
                MetricsReader.read(analysis.path("metrics"), metadata.getNamespace()),
                new TroublePolicy(onTrouble("on-no-data"), onTrouble("on-no-traffic"), onTrouble("on-metrics-down")));
    }

    private OnTrouble onTrouble(String name) throws UnreadableCanary {
        String key = "linnet.dev/" + name;
        Map<String, String> annotations = metadata.getAnnotations();
        String text = annotations == null ? "fail" : annotations.getOrDefault(key, "fail");
        return Arrays.stream(OnTrouble.values())
                .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new UnreadableCanary("annotation " + key + " is " + text + " (expected: fail, hold or pass)"));
    }

    private List<Hook> hooks() throws UnreadableCanary {
        List<Hook> hooks = new ArrayList<>();
        for (JsonNode hook : analysis.path("webhooks")) {
            hooks.add(hook(hook));
        }
        return hooks;
    }

    private static Hook hook(JsonNode hook) throws UnreadableCanary {
        String name = hook.path("name").asText();
        String timeout = hook.path("timeout").asText("");
        Duration patience = timeout.length() < 2
                ? USUAL_TIMEOUT
                : GoDuration.parse(timeout)
                        .orElseThrow(() -> new UnreadableCanary(
                                "timeout of webhook " + name + " is " + timeout + " (expected: such as 10s)"));
        return new Hook(
                type(name, hook.path("type").asText("")),
                name,
                new Hook.Call(
                        hook.path("url").asText(),
                        patience,
                        Math.max(0, hook.path("retries").asInt()),
                        hook.path("disableTLS").asBoolean()),
                hook.path("muteAlert").asBoolean(),
                ServiceReader.map(hook.path("metadata")));
    }

    private static HookType type(String name, String text) throws UnreadableCanary {
        if (text.isEmpty()) {
            return HookType.ROLLOUT;
        }
        return Arrays.stream(HookType.values())
                .filter(type -> type.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new UnreadableCanary("type of webhook " + name + " is " + text
                        + " (expected: one of " + Arrays.toString(HookType.values()) + ")"));
    }

    private List<Match> audience() {
        List<Match> matches = new ArrayList<>();
        for (JsonNode match : analysis.path("match")) {
            matches.add(new Match(
                    conditions(match.path("headers")),
                    conditions(match.path("queryParams")),
                    ServiceReader.map(match.path("sourceLabels"))));
        }
        return matches;
    }

    private static Map<String, Text> conditions(JsonNode fields) {
        Map<String, Text> conditions = new LinkedHashMap<>();
        fields.properties().forEach(field -> condition(field.getKey(), field.getValue(), conditions));
        return conditions;
    }

    private static void condition(String name, JsonNode value, Map<String, Text> conditions) {
        for (Text.Kind kind : Text.Kind.values()) {
            String key = kind.name().toLowerCase(Locale.ROOT);
            if (value.has(key)) {
                conditions.put(name, new Text(kind, value.path(key).asText()));
            }
        }
    }

    private Affinity affinity() throws UnreadableCanary {
        JsonNode affinity = analysis.path("sessionAffinity");
        String cookie = affinity.path("cookieName").asText("");
        if (cookie.isEmpty()) {
            return Affinity.NONE;
        }
        if (affinity.path("primaryCookieName").asText("").equals(cookie)) {
            throw new UnreadableCanary("analysis.sessionAffinity.primaryCookieName is " + cookie
                    + ", as cookieName is (expected: another name)");
        }
        long seconds = affinity.path("maxAge").asLong();
        return new Affinity(
                cookie,
                affinity.path("primaryCookieName").asText(""),
                seconds > 0 ? Duration.ofSeconds(seconds) : Affinity.DEFAULT_MAX_AGE,
                attributes(affinity));
    }

    private static List<String> attributes(JsonNode affinity) {
        List<String> attributes = new ArrayList<>();
        CanaryReader.text(affinity.path("domain")).ifPresent(domain -> attributes.add("Domain=" + domain));
        if (affinity.path("httpOnly").asBoolean()) {
            attributes.add("HttpOnly");
        }
        if (affinity.path("partitioned").asBoolean()) {
            attributes.add("Partitioned");
        }
        CanaryReader.text(affinity.path("path")).ifPresent(path -> attributes.add("Path=" + path));
        CanaryReader.text(affinity.path("sameSite")).ifPresent(site -> attributes.add("SameSite=" + site));
        if (affinity.path("secure").asBoolean()) {
            attributes.add("Secure");
        }
        return attributes;
    }
}
