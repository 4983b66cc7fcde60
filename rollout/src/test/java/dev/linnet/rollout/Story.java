package dev.linnet.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.evidence.Answers;
import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Plays a story: a Canary, and what happens around it over time. Its transcript is all that a release does. */
final class Story {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST_STEPS_AT_ONCE = 60;

    private final JsonNode story;
    private final ObjectNode canary;
    private final World world = new World();
    private final Transcript transcript = new Transcript(START);
    private Progress progress = Progress.NEW;
    private Instant now = START;
    private boolean crashes;
    private final Crash crash;
    private int acts;

    private Story(JsonNode story, Crash crash) {
        this.story = story;
        this.crash = crash;
        this.canary = story.path("canary").deepCopy();
    }

    static String play(JsonNode story) {
        return new Story(story, Crash.NEVER).play();
    }

    /** How it ends if the controller crashes once on the way. */
    static String endOf(JsonNode story, Crash crash) {
        return new Story(story, crash).play().lines().reduce("", (_, line) -> line);
    }

    /** How many acts it has, and at most how many effects one of them. */
    static int actsOf(JsonNode story) {
        Story played = new Story(story, Crash.NEVER);
        played.play();
        return played.acts;
    }

    /**
     * The controller dies once.
     *
     * @param act     in which act
     * @param effects after how many of its effects; nothing of it is remembered
     */
    record Crash(int act, int effects) {
        static final Crash NEVER = new Crash(-1, 0);
    }

    private String play() {
        begin(story.path("from").asText("Initialized"));
        Instant end = START.plus(CanaryYaml.duration(story.path("for").asText("10m")));
        List<JsonNode> script = new ArrayList<>();
        story.path("script").forEach(script::add);
        Instant wake = now;
        while (!now.isAfter(end)) {
            Pause pause = happens(script)
                    ? decide()
                    : now.isBefore(wake) ? new Pause.For(Duration.between(now, wake)) : decide();
            wake = switch (pause) {
                case Pause.For(Duration time) -> now.plus(time);
                case Pause.UntilChange() -> Instant.MAX;
            };
            now = earlier(wake, script.isEmpty() ? Instant.MAX : timeOf(script.getFirst()));
        }
        return transcript.end(progress, world);
    }

    /** Most stories begin after initialization; some with what Flagger left. */
    private void begin(String phase) {
        if (phase.equals("New")) {
            return;
        }
        progress = Beginnings.of(phase, story.path("status"));
        world.primary = progress.versions().promoted();
        world.service = Side.PRIMARY;
        world.canaryHasPods = story.path("canaryHasPods").asBoolean(false);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant timeOf(JsonNode entry) {
        return START.plus(CanaryYaml.duration(entry.path("at").asText()));
    }

    private boolean happens(List<JsonNode> script) {
        boolean any = false;
        for (Iterator<JsonNode> entries = script.iterator(); entries.hasNext(); ) {
            JsonNode entry = entries.next();
            if (timeOf(entry).isAfter(now)) {
                break;
            }
            new Happening(entry, world, canary).happen(progress, now);
            crashes |= entry.path("crash").asBoolean();
            transcript.happens(now, entry);
            entries.remove();
            any = true;
        }
        return any;
    }

    private Pause decide() {
        for (int step = 0; step < MOST_STEPS_AT_ONCE; step++) {
            Step.Act act = untilAct();
            Pause pause = does(act);
            if (!pause.equals(Pause.NONE)) {
                return pause;
            }
        }
        throw new AssertionError("decides for ever at " + Duration.between(START, now) + ": " + progress);
    }

    private Step.Act untilAct() {
        Release release = CanaryYaml.read(canary);
        Answers answers = Answers.NONE;
        while (true) {
            Evidence evidence = new Evidence(
                    now, world.target, answers, world.comparison, new Evidence.Wishes(world.deletion, world.action));
            switch (new Rollout(release).next(progress, evidence)) {
                case Step.Act act -> {
                    return act;
                }
                case Step.Ask(var question) -> {
                    transcript.asks(now, question);
                    answers = world.answer(answers, question, release);
                }
            }
        }
    }

    private Pause does(Step.Act act) {
        int mostEffects = acts++ == crash.act ? crash.effects : Integer.MAX_VALUE;
        crashes |= mostEffects <= act.effects().size();
        try {
            for (Effect effect :
                    act.effects().subList(0, Math.min(mostEffects, act.effects().size()))) {
                transcript.does(now, effect, world);
                world.does(effect);
            }
        } catch (IllegalStateException failure) {
            transcript.fails(now, String.valueOf(failure.getMessage()));
            return new Pause.For(Duration.ofSeconds(1));
        }
        if (crashes) {
            crashes = false;
            transcript.fails(now, "the controller crashes before it has written how far it is");
            return new Pause.For(Duration.ofSeconds(1));
        }
        transcript.acts(now, act, progress);
        progress = act.next();
        if (world.comparison.step() != progress.run().clock().step()) {
            world.comparison = Comparison.ofStep(progress.run().clock().step());
        }
        return act.pause();
    }
}
