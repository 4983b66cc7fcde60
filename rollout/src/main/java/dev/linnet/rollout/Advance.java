package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Routes.Shares;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Mirror;
import dev.linnet.rollout.plan.Routing.Ability;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Clock;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.util.Optional;

/** The version has passed: one step on, if nobody holds it back. */
final class Advance {
    private final Situation at;
    private final Draft draft;
    private final Shares live;

    private Advance(Situation at, Draft draft, Shares live) {
        this.at = at;
        this.draft = draft;
        this.live = live;
    }

    static Step next(Situation at, Draft draft, Shares live) {
        if (at.run().orders().paused()) {
            return draft.waitsFor(Wait.What.RESUME, "a person to resume it", draft.untilDue(at.interval()));
        }
        Advance advance = new Advance(at, draft, live);
        if (at.canaryHolds()) {
            return advance.confirmPromotion();
        }
        Optional<String> bar = at.bar();
        if (bar.isPresent()) {
            return draft.warnsOnce(bar.get()).waitsFor(Wait.What.AUTHOR, bar.get(), draft.untilDue(at.interval()));
        }
        return switch (at.strategy()) {
            case Strategy.Weighted(Steps steps, Mirror mirror, int _) -> advance.weighted(steps, mirror);
            case Strategy.AbTest(int iterations) -> advance.abTest(iterations);
            case Strategy.BlueGreen(int iterations, Mirror mirror, int _) -> advance.blueGreen(iterations, mirror);
        };
    }

    private Step weighted(Steps steps, Mirror mirror) {
        if (live.mirrored() || at.progress().phase() == Phase.WAITING_PROMOTION) {
            return step(steps, mirror);
        }
        return Gates.pass(at, HookType.CONFIRM_TRAFFIC_INCREASE, draft, () -> step(steps, mirror));
    }

    private Step step(Steps steps, Mirror mirror) {
        int weight = at.progress().counters().weight();
        if (weight >= steps.last()) {
            return confirmPromotion();
        }
        boolean mirrorsFirst = mirror.wanted() && weight == 0 && !live.mirrored();
        Traffic traffic = mirrorsFirst ? new Traffic.Mirrored(mirror.percent()) : at.share(steps.after(weight));
        int reached = mirrorsFirst ? 0 : steps.after(weight);
        return stepped(traffic, Texts.of(at).weight(reached));
    }

    private Step abTest(int iterations) {
        int begun = at.progress().counters().iterations();
        return begun < iterations ? iterate(at.share(100), iterations) : confirmPromotion();
    }

    private Step blueGreen(int iterations, Mirror mirror) {
        int begun = at.progress().counters().iterations();
        if (begun < iterations) {
            boolean mirrors = mirror.wanted() && at.can(Ability.MIRROR_BLUE_GREEN);
            return iterate(mirrors ? new Traffic.Mirrored(mirror.percent()) : Traffic.ALL_PRIMARY, iterations);
        }
        if (begun > iterations) {
            return confirmPromotion();
        }
        return Gates.pass(at, HookType.CONFIRM_PROMOTION, draft, () -> switchOver(mirror));
    }

    /** All traffic meets the new version for one interval before it is promoted. */
    private Step switchOver(Mirror mirror) {
        draft.counters(counters -> counters.withIterations(counters.iterations() + 1));
        if (!at.routes()) {
            return stepped("the last check");
        }
        draft.tells(mirror.wanted() ? Texts.STOPPING_MIRROR : Texts.ROUTING_TO_CANARY)
                .split(Traffic.ALL_CANARY);
        return stepped("all traffic meets the canary");
    }

    private Step iterate(Traffic traffic, int iterations) {
        int begun = at.progress().counters().iterations() + 1;
        draft.counters(counters -> counters.withIterations(begun));
        return stepped(traffic, Texts.of(at).iteration(begun, iterations));
    }

    private Step stepped(Traffic traffic, String event) {
        draft.split(traffic).tells(event);
        return stepped(event);
    }

    private Step stepped(String reason) {
        return draft.to(Phase.PROGRESSING)
                .clock(clock -> clock.stepped(at.now()))
                .renews()
                .act(reason, new Pause.For(at.interval()));
    }

    private Step confirmPromotion() {
        return Gates.pass(at, HookType.CONFIRM_PROMOTION, draft, () -> promote(at, draft));
    }

    /** Written down before it is done: a primary that has the new version must never be taken for the old one. */
    static Step promote(Situation at, Draft draft) {
        return draft.tells(Texts.of(at).copying())
                .to(Phase.PROMOTING)
                .run(run -> run.withStage(Stage.COPYING))
                .clock(clock -> clock.stepped(Clock.AT_ONCE))
                .renews()
                .act("it has passed", Pause.NONE);
    }
}
