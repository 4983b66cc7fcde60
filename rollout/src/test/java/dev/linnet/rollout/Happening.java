package dev.linnet.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.judge.Comparison.Requests;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.step.Traffic;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One entry of a story's script: what changes in the world at its time. */
final class Happening {
    private final JsonNode entry;
    private final World world;
    private final ObjectNode canary;

    Happening(JsonNode entry, World world, ObjectNode canary) {
        this.entry = entry;
        this.world = world;
        this.canary = canary;
    }

    void happen(Progress progress, Instant now) {
        entry.properties().forEach(change -> happen(change.getKey(), change.getValue(), progress, now));
    }

    private void happen(String what, JsonNode value, Progress progress, Instant now) {
        switch (what) {
            case "at", "crash" -> {}
            case "target" -> world.target = target(value);
            case "canary", "primary" -> ready(what.equals("canary") ? Side.CANARY : Side.PRIMARY, value.asText());
            case "metrics" ->
                value.properties().forEach(metric -> world.metrics.put(metric.getKey(), metric(metric.getValue())));
            case "refuse" ->
                value.properties()
                        .forEach(hook -> world.refusals.put(
                                hook.getKey(), hook.getValue().asText()));
            case "agree" -> value.forEach(hook -> world.refusals.put(hook.asText(), ""));
            case "requests" -> requests(value, progress);
            case "action" ->
                world.action = new PersonAction(
                        PersonAction.Verb.valueOf(value.asText().toUpperCase(Locale.ROOT)), "alice", now);
            case "spec" -> merge((ObjectNode) canary.path("spec"), value);
            case "annotations" -> merge(canary.withObject("/metadata/annotations"), value);
            case "afterCopy" -> world.rolling = value.asText();
            case "routes" -> world.traffic = new Traffic.Split(value.asInt());
            case "routesUnusable" -> world.routesUnusable = value.asText();
            case "dataPlaneMissing" -> world.missingDataPlane = value.asText();
            case "storeError" -> world.storeError = value.asText();
            case "delete" -> world.deletion = value.asBoolean();
            case "fail" ->
                value.properties()
                        .forEach(effect -> world.failing.put(
                                effect.getKey(), effect.getValue().asInt()));
            default -> throw new IllegalArgumentException(what + " (expected: something that can happen)");
        }
    }

    /** {@code b}, {@code {revision: b, configs: {configmap/app: 1}}} or {@code {unusable: text}}. */
    private static Target target(JsonNode value) {
        if (value.has("unusable")) {
            return new Target.Unusable(value.path("unusable").asText());
        }
        String revision =
                value.isTextual() ? value.asText() : value.path("revision").asText();
        Map<String, String> configs = new HashMap<>();
        value.path("configs")
                .properties()
                .forEach(
                        config -> configs.put(config.getKey(), config.getValue().asText()));
        return new Target.Found(
                new Version(Version.OURS + revision, configs),
                value.path("likePrimary").asBoolean());
    }

    /** {@code ready}, or why not. */
    private void ready(Side side, String text) {
        if (text.equals("ready")) {
            world.readiness.remove(side);
            return;
        }
        world.readiness.put(side, World.notReady(side, text));
    }

    private static MetricValue metric(JsonNode value) {
        if (value.isNumber()) {
            return new MetricValue.Value(value.asDouble());
        }
        return switch (value.asText()) {
            case "no data" -> new MetricValue.NoData("no values found");
            case "no traffic" -> new MetricValue.NoTraffic("no requests");
            case "down" -> new MetricValue.StoreDown("connection refused");
            default -> new MetricValue.Unusable(value.asText());
        };
    }

    private void requests(JsonNode value, Progress progress) {
        Comparison before = world.comparison.step() == progress.run().clock().step()
                ? world.comparison
                : Comparison.ofStep(progress.run().clock().step());
        world.comparison = before.plus(count(value.path("canary")), count(value.path("primary")));
    }

    /** {@code 12 of 40} failed. */
    private static Requests count(JsonNode value) {
        if (value.isMissingNode()) {
            return Requests.NONE;
        }
        String[] words = value.asText().split(" of ", -1);
        return new Requests(Long.parseLong(words[1]), Long.parseLong(words[0]));
    }

    private static void merge(ObjectNode into, JsonNode changes) {
        changes.properties().forEach(change -> {
            if (change.getValue().isObject() && into.path(change.getKey()).isObject()) {
                merge((ObjectNode) into.get(change.getKey()), change.getValue());
            } else {
                into.set(change.getKey(), change.getValue());
            }
        });
    }
}
