package dev.linnet.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.plan.TargetKind;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.PromotedCondition;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Versions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code status} of a Canary, exactly Flagger's: what a release has come to, and the condition {@code Promoted}. */
public final class CanaryStatus {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CanaryStatus() {}

    /** What a status says; a new release where there is none. */
    public static Progress read(@Nullable JsonNode status) {
        if (status == null || status.isEmpty()) {
            return Progress.NEW;
        }
        Map<String, String> configs = new HashMap<>();
        status.path("trackedConfigs")
                .properties()
                .forEach(entry -> configs.put(entry.getKey(), entry.getValue().asText()));
        Versions versions = new Versions(
                new Version(status.path("lastAppliedSpec").asText(""), configs),
                new Version(status.path("lastPromotedSpec").asText(""), configs));
        Cookies cookies = new Cookies(
                status.path("sessionAffinityCookie").asText(""),
                status.path("previousSessionAffinityCookie").asText(""),
                status.path("primarySessionAffinityCookie").asText(""));
        Counters counters = new Counters(
                status.path("canaryWeight").asInt(),
                status.path("iterations").asInt(),
                status.path("failedChecks").asInt());
        Phase phase = Phase.named(status.path("phase").asText("")).orElse(Phase.NEW);
        return Progress.ofStatus(phase, counters, versions, cookies);
    }

    /**
     * A merge patch of {@code /status}.
     *
     * @param before the status that is there, whose condition keeps its time if its word stays
     */
    public static ObjectNode patch(
            Progress progress, TargetKind kind, @Nullable JsonNode before, String resourceVersion, Instant now) {
        ObjectNode patch = JSON.objectNode();
        patch.putObject("metadata").put("resourceVersion", resourceVersion);
        ObjectNode status = patch.putObject("status");
        status.put("phase", progress.phase().toString());
        status.put("canaryWeight", progress.counters().weight());
        status.put("iterations", progress.counters().iterations());
        status.put("failedChecks", progress.counters().failedChecks());
        status.put("lastAppliedSpec", progress.versions().applied().revision());
        status.put("lastPromotedSpec", progress.versions().promoted().revision());
        status.put("lastTransitionTime", seconds(now));
        optional(status, "sessionAffinityCookie", progress.cookies().canary());
        optional(status, "previousSessionAffinityCookie", progress.cookies().previous());
        optional(status, "primarySessionAffinityCookie", progress.cookies().primary());
        configs(status, progress.versions().applied().configs(), before);
        status.putArray("conditions").add(condition(progress.phase(), kind, before, now));
        return patch;
    }

    private static void optional(ObjectNode status, String field, String text) {
        if (text.isEmpty()) {
            status.putNull(field);
        } else {
            status.put(field, text);
        }
    }

    /** A merge patch only forgets what it names. */
    private static void configs(ObjectNode status, Map<String, String> configs, @Nullable JsonNode before) {
        ObjectNode tracked = status.putObject("trackedConfigs");
        if (before != null) {
            before.path("trackedConfigs").properties().forEach(entry -> tracked.putNull(entry.getKey()));
        }
        configs.forEach(tracked::put);
    }

    private static ObjectNode condition(Phase phase, TargetKind kind, @Nullable JsonNode before, Instant now) {
        PromotedCondition promoted = PromotedCondition.of(phase, kind.toString());
        JsonNode old =
                before == null ? JSON.missingNode() : before.path("conditions").path(0);
        boolean same = old.path("status").asText("").equals(promoted.status());
        ObjectNode condition = JSON.objectNode();
        condition.put("type", "Promoted");
        condition.put("status", promoted.status());
        condition.put("reason", promoted.reason());
        condition.put("message", promoted.message());
        condition.put("lastUpdateTime", seconds(now));
        condition.put(
                "lastTransitionTime", same ? old.path("lastTransitionTime").asText(seconds(now)) : seconds(now));
        return condition;
    }

    /** Kubernetes' times have whole seconds. */
    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
