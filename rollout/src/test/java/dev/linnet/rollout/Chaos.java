package dev.linnet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Answers;
import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A world in which anything can happen at any time, and what must be true of a release all the same. */
final class Chaos {
    private static final int MOST_ACTS_AT_ONCE = 60;

    private final Release release;
    private final SplittableRandom random;
    private final World world = new World();
    private Progress progress = Progress.NEW;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private boolean calm;

    Chaos(Release release, long seed) {
        this.release = release;
        this.random = new SplittableRandom(seed);
    }

    Progress progress() {
        return progress;
    }

    World world() {
        return world;
    }

    /** For so many moments, things happen. */
    void rage(int moments) {
        for (int moment = 0; moment < moments; moment++) {
            happen();
            decide();
            now = now.plus(Duration.ofSeconds(1 + random.nextInt(20)));
        }
    }

    /** From now on all is well, or only the version is bad, for long enough to end. */
    void calmDown(boolean good) {
        calm = true;
        world.readiness.clear();
        world.rolling = "";
        world.missingDataPlane = "";
        world.action = PersonAction.NONE;
        if (world.target instanceof Target.Unusable) {
            world.target = version(1);
        }
        hooks().forEach(hook -> world.refusals.remove(hook.name()));
        for (MetricCheck check : release.analysis().checks().metrics()) {
            world.metrics.put(check.name(), new MetricValue.Value(good ? 100 : 1));
        }
        for (int moment = 0; moment < 300; moment++) {
            if (progress.run().orders().paused()) {
                world.action = new PersonAction(PersonAction.Verb.RESUME, "bob", now);
            }
            decide();
            now = now.plusSeconds(10);
        }
    }

    private List<Hook> hooks() {
        return release.analysis().hooks();
    }

    private void happen() {
        switch (random.nextInt(9)) {
            case 0 ->
                world.target =
                        random.nextInt(8) == 0 ? new Target.Unusable("target is gone") : version(random.nextInt(3));
            case 1 -> ready(Side.CANARY);
            case 2 -> ready(Side.PRIMARY);
            case 3 -> release.analysis().checks().metrics().forEach(check -> world.metrics.put(check.name(), value()));
            case 4 -> hooks().forEach(this::answer);
            case 5 -> world.action = new PersonAction(verb(), "alice", now);
            case 6 -> world.rolling = random.nextBoolean() ? "" : words();
            case 7 -> world.missingDataPlane = random.nextInt(3) == 0 ? "gateway-1" : "";
            default -> {}
        }
    }

    private static Target version(int number) {
        return new Target.Found(new Version(Version.OURS + (char) ('a' + number), Map.of()), false);
    }

    private void ready(Side side) {
        if (random.nextInt(3) > 0) {
            world.readiness.remove(side);
        } else {
            world.readiness.put(side, World.notReady(side, words()));
        }
    }

    private String words() {
        return List.of("some are missing", "none (dead)", "(too late)", "none (too late, dead)")
                .get(random.nextInt(4));
    }

    private MetricValue value() {
        return switch (random.nextInt(6)) {
            case 0 -> new MetricValue.NoData("none");
            case 1 -> new MetricValue.NoTraffic("none");
            case 2 -> new MetricValue.StoreDown("down");
            case 3 -> new MetricValue.Value(1);
            default -> new MetricValue.Value(100);
        };
    }

    private void answer(Hook hook) {
        boolean refuses =
                random.nextInt(hook.type() == HookType.ROLLBACK ? 10 : 3) > 0 == (hook.type() == HookType.ROLLBACK);
        world.refusals.put(hook.name(), refuses ? "closed" : "");
    }

    private PersonAction.Verb verb() {
        PersonAction.Verb[] verbs = PersonAction.Verb.values();
        return verbs[random.nextInt(verbs.length)];
    }

    private void decide() {
        for (int act = 0; act < MOST_ACTS_AT_ONCE; act++) {
            Pause pause = does(untilAct());
            if (!pause.equals(Pause.NONE)) {
                checkAtRest();
                return;
            }
        }
        throw new AssertionError("decides for ever: " + progress);
    }

    private Step.Act untilAct() {
        Answers answers = Answers.NONE;
        while (true) {
            Evidence evidence = new Evidence(
                    now, world.target, answers, world.comparison, new Evidence.Wishes(world.deletion, world.action));
            switch (new Rollout(release).next(progress, evidence)) {
                case Step.Act act -> {
                    return act;
                }
                case Step.Ask(var question) -> answers = world.answer(answers, question, release);
            }
        }
    }

    private Pause does(Step.Act act) {
        boolean crashes = !calm && random.nextInt(25) == 0;
        int effects = crashes
                ? random.nextInt(act.effects().size() + 1)
                : act.effects().size();
        for (Effect effect : act.effects().subList(0, effects)) {
            check(effect);
            world.does(effect);
        }
        if (crashes) {
            return Pause.NONE;
        }
        checkCounters(act.next());
        progress = act.next();
        return act.pause();
    }

    private void check(Effect effect) {
        if (effect instanceof Effect.Route(Traffic traffic) && reachesCanary(traffic)) {
            assertThat(serves(Side.CANARY) || !serves(Side.PRIMARY))
                    .as("%s goes to a canary that serves: %s", traffic, progress)
                    .isTrue();
        }
        if (effect instanceof Effect.ScaleDown) {
            assertThat(reachesCanary(world.traffic))
                    .as("scales down what has traffic: %s", progress)
                    .isFalse();
            assertThat(world.service)
                    .as("scales down what the Service needs: %s", progress)
                    .isEqualTo(Side.PRIMARY);
        }
    }

    private static boolean reachesCanary(Traffic traffic) {
        return switch (traffic) {
            case Traffic.Split(int canary) -> canary > 0;
            case Traffic.Audience _ -> true;
            case Traffic.Mirrored(int _) -> false;
        };
    }

    private boolean serves(Side side) {
        return switch (world.ready(side)) {
            case Readiness.Ready _ -> true;
            case Readiness.NotReady notReady -> notReady.serving();
        };
    }

    private void checkCounters(Progress next) {
        assertThat(next.counters().weight()).as("%s", next).isBetween(0, 100);
        if (next.counters().failedChecks() > progress.counters().failedChecks()) {
            Duration sinceLast = Duration.between(progress.run().clock().failedAt(), now);
            assertThat(sinceLast)
                    .as("two failed checks in one interval: %s", progress)
                    .isGreaterThanOrEqualTo(release.analysis().checks().interval());
        }
    }

    /** What must be true whenever nothing is left to do at once. */
    private void checkAtRest() {
        assertThat(progress.run().log().waitingFor().what())
                .as("waits for something that has a name: %s", progress)
                .isNotEqualTo(Wait.What.NOTHING);
        if (serves(Side.PRIMARY) && !serves(Side.CANARY)) {
            assertThat(reachesCanary(world.traffic))
                    .as("users meet a canary of which nothing serves: %s", progress)
                    .isFalse();
        }
        if (progress.phase() == Phase.PROGRESSING || progress.phase() == Phase.WAITING_PROMOTION) {
            assertThat(progress.versions().applied())
                    .as("tries out what the target is")
                    .isEqualTo(
                            world.target instanceof Target.Found(Version version, boolean _)
                                    ? version
                                    : Version.UNKNOWN);
        }
    }
}
