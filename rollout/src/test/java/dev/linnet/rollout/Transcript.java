package dev.linnet.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.time.Duration;
import java.time.Instant;

/** What a release does, line by line, as a person would read it. What changes nothing is left out. */
final class Transcript {
    private final Instant start;
    private final StringBuilder text = new StringBuilder();

    Transcript(Instant start) {
        this.start = start;
    }

    void happens(Instant now, JsonNode entry) {
        StringBuilder what = new StringBuilder();
        entry.properties().stream()
                .filter(change -> !change.getKey().equals("at"))
                .forEach(change -> what.append(what.isEmpty() ? "" : ", ")
                        .append(change.getKey())
                        .append(' ')
                        .append(
                                change.getValue().isTextual()
                                        ? change.getValue().asText()
                                        : change.getValue()));
        line(now, "*", what.toString());
    }

    void asks(Instant now, Question<?> question) {
        switch (question) {
            case Question.Hooks(var type, var phase) -> line(now, "?", type + " webhooks, in phase " + phase);
            case Question.Metrics _ -> line(now, "?", "metrics");
            case Question.MetricStores() -> line(now, "?", "metric stores");
            case Question.Ready _, Question.LiveRoutes _, Question.Settled _ -> {}
        }
    }

    void does(Instant now, Effect effect, World world) {
        switch (effect) {
            case Effect.Ensure _ -> {}
            case Effect.Route(Traffic traffic) -> {
                if (!traffic.equals(world.traffic)) {
                    line(now, "!", "route " + words(traffic));
                }
            }
            case Effect.PointService(Side side) -> {
                if (side != world.service) {
                    line(now, "!", "point Service to " + side);
                }
            }
            case Effect.CopyToPrimary(Version version) -> line(now, "!", "copy " + version.revision() + " to primary");
            case Effect.ScaleUp(),
                    Effect.ScaleDown(),
                    Effect.PauseScaler(),
                    Effect.ResumeScaler(),
                    Effect.SyncPrimaryScaler(),
                    Effect.RevertTarget(),
                    Effect.RevertService(),
                    Effect.RevertRoutes(),
                    Effect.RemoveFinalizer() -> line(now, "!", effect.getClass().getSimpleName());
        }
    }

    private static String words(Traffic traffic) {
        return switch (traffic) {
            case Traffic.Split(int canary) -> (100 - canary) + "/" + canary;
            case Traffic.Audience(int canary) ->
                canary == 100 ? "audience to canary" : "audience " + (100 - canary) + "/" + canary;
            case Traffic.Mirrored(int percent) -> "100/0, mirrored" + (percent == 0 ? "" : " " + percent + "%");
        };
    }

    void fails(Instant now, String what) {
        line(now, "x", what);
    }

    void acts(Instant now, Step.Act act, Progress before) {
        act.messages().forEach(message -> line(now, " ", words(message)));
        String state = state(act.next());
        if (!state.equals(state(before))) {
            line(now, ">", state);
        }
    }

    private static String words(Message message) {
        return switch (message) {
            case Message.Event event ->
                (event.warning() ? "Warning " : "Normal  ") + event.text() + "  (" + event.phase() + ")";
            case Message.Alert alert -> "alert " + alert.severity() + ": " + alert.text();
        };
    }

    private static String state(Progress progress) {
        Counters counters = progress.counters();
        Cookies cookies = progress.cookies();
        return progress.phase() + " weight " + counters.weight() + " iterations " + counters.iterations()
                + " failed " + counters.failedChecks()
                + (cookies.equals(Cookies.NONE) ? "" : " " + cookies)
                + (progress.run().hold() == Hold.NONE
                        ? ""
                        : " hold " + progress.run().hold());
    }

    private void line(Instant now, String sign, String what) {
        String time = "%ds".formatted(Duration.between(start, now).toSeconds());
        text.append("%6s %s %s%n".formatted(time, sign, what));
    }

    String end(Progress progress, World world) {
        Wait wait = progress.run().log().waitingFor();
        text.append("   end = ").append(state(progress)).append("; traffic ").append(words(world.traffic));
        text.append("; primary ").append(world.primary.revision());
        text.append("; waits for ")
                .append(wait.what())
                .append(": ")
                .append(wait.text())
                .append('\n');
        return text.toString();
    }
}
