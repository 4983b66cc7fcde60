package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Answer.Routes;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.judge.FastAbort;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Clock;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Ending.Cause;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.util.Optional;
import java.util.function.Function;

/** A version is tried out. What ends the trial at once is asked first; the next check and step are only then. */
final class Trial {
    private Trial() {}

    static Step next(Situation at) {
        return switch (at.evidence().target()) {
            case Target.Unusable(String text) -> Endings.end(at, at.draft(), new Ending(Cause.CANARY_NOT_READY, text));
            case Target.Found(Version now, boolean _) -> ofVersion(at, now);
        };
    }

    static Ending primaryDeadline(String why) {
        return deadline(Cause.PRIMARY_NOT_READY, why);
    }

    private static Ending deadline(Cause cause, String why) {
        return new Ending(cause, "progress deadline exceeded " + why);
    }

    private static Step ofVersion(Situation at, Version now) {
        if (at.versions().isRevert(now)) {
            return Endings.end(at, at.draft(), new Ending(Cause.REVERTED, "the target was set back"));
        }
        if (at.targetHasChanged()) {
            return restart(at, now, at.draft().tells(Texts.of(at).restarting()));
        }
        int failed = at.progress().counters().failedChecks();
        if (failed >= at.analysis().checks().threshold()) {
            return Endings.end(
                    at, at.draft(), new Ending(Cause.FAILED_CHECKS, "failed checks threshold reached " + failed));
        }
        Optional<String> proof = at.skipsAnalysis() || !at.release().options().fastAbort()
                ? Optional.empty()
                : FastAbort.proof(at.analysis(), at.comparison());
        if (proof.isPresent()) {
            return Endings.end(at, at.draft(), new Ending(Cause.FAST_ABORT, proof.get()));
        }
        return at.after(new Question.Ready(Side.CANARY), readiness -> switch (readiness) {
            case Readiness.Ready _ -> ofReadyCanary(at);
            case Readiness.NotReady notReady -> notReady(at, notReady);
        });
    }

    /** From the beginning, with what the target is now. It is not scaled up again, and nobody is asked again whether to begin. */
    static Step restart(Situation at, Version now, Draft draft) {
        return draft.to(Phase.PROGRESSING)
                .to(progress -> progress.withVersions(progress.versions().withApplied(now)))
                .run(run -> run.following().withHold(at.canaryHolds() ? run.hold() : Hold.NONE))
                .counters(_ -> Counters.ZERO)
                .split(at.canaryHolds() ? Traffic.ALL_CANARY : Traffic.ALL_PRIMARY)
                .clock(clock -> at.canaryHolds() ? clock.stepped(at.now()) : clock)
                .renews()
                .act("another new version", Pause.NONE);
    }

    private static Step notReady(Situation at, Readiness.NotReady notReady) {
        if (!notReady.retriable()) {
            Draft draft = at.draft().warnsOnce(notReady.text());
            return Endings.end(at, draft, deadline(Cause.CANARY_NOT_READY, notReady.text()));
        }
        Draft draft = Keeping.draft(at);
        if (notReady.serving()) {
            return waits(at, notReady, draft);
        }
        if (at.canaryHolds()) {
            return at.after(
                    new Question.Ready(Side.PRIMARY),
                    primary -> Promotion.serves(primary) ? beginWithPrimary(at) : waits(at, notReady, draft));
        }
        // A step that was taken just before a crash has been forgotten, but not by the routes.
        return at.canaryServes()
                ? withdraw(at, notReady, draft)
                : waits(at, notReady, draft.routes(Traffic.ALL_PRIMARY));
    }

    private static Step waits(Situation at, Readiness.NotReady notReady, Draft draft) {
        return draft.warnsOnce(notReady.text()).waitsFor(Wait.What.CANARY, notReady.text(), at.readinessPoll());
    }

    /** The canary held what the primary could not serve; now it is the other way round, and the run is like any other. */
    private static Step beginWithPrimary(Situation at) {
        return at.draft()
                .does(new Effect.PointService(Side.PRIMARY))
                .split(Traffic.ALL_PRIMARY)
                .run(run -> run.withHold(Hold.NONE))
                .clock(clock -> clock.stepped(Clock.AT_ONCE))
                .renews()
                .act("the primary serves again", Pause.NONE);
    }

    /** Nothing of it serves: users must not wait for a deadline. It begins anew once it is ready, one failed check poorer. */
    private static Step withdraw(Situation at, Readiness.NotReady notReady, Draft draft) {
        return Checking.countFailure(at, draft)
                .warnsOnce(notReady.text())
                .warns(Texts.of(at).withdrawing())
                .counters(Counters::withdrawn)
                .split(Traffic.ALL_PRIMARY)
                .clock(clock -> clock.stepped(at.now()))
                .act("no Pod of the canary serves", Pause.NONE);
    }

    private static Step ofReadyCanary(Situation at) {
        return RollbackHooks.unlessCalled(at, Trial::afterRollbackHooks);
    }

    private static Step afterRollbackHooks(Situation at) {
        if (at.skipsAnalysis()) {
            return Advance.promote(at, draft(at));
        }
        if (at.isDue() || at.run().clock().passed()) {
            return withLiveRoutes(at, live -> at.isDue() ? Checking.next(at, live) : Advance.next(at, draft(at), live));
        }
        return draft(at).waitsForInterval(untilNextLook(at));
    }

    /** The routes are the truth: a share that somebody has set by hand, or that was set before a crash, is where the run stands. */
    private static Step withLiveRoutes(Situation at, Function<Routes.Shares, Step> next) {
        if (!at.routes()) {
            return next.apply(new Routes.Shares(0, false));
        }
        return at.after(new Question.LiveRoutes(), routes -> switch (routes) {
            case Routes.Unusable(String text) ->
                draft(at).warnsOnce(text).waitsFor(Wait.What.DATA_PLANE, text, at.readinessPoll());
            case Routes.Shares live -> isWhereItShouldBe(at, live) ? next.apply(live) : adopt(at, live);
        });
    }

    private static boolean isWhereItShouldBe(Situation at, Routes.Shares live) {
        boolean mirroredBefore = live.mirrored() && at.run().clock().since().equals(Clock.AT_ONCE);
        return !(at.strategy() instanceof Strategy.Weighted)
                || (live.canary() == at.progress().counters().weight() && !mirroredBefore);
    }

    private static Step adopt(Situation at, Routes.Shares live) {
        Draft draft = draft(at);
        // The first step was taken, but not written down: it has not been told either.
        if (at.progress().counters().equals(Counters.ZERO)
                && at.run().clock().since().equals(Clock.AT_ONCE)) {
            draft.tells(Texts.of(at).starting());
        }
        return draft.adopts(live.canary())
                .tells(Texts.of(at).weight(live.canary()))
                .clock(clock -> clock.stepped(at.now()))
                .renews()
                .act("the routes give the canary " + live.canary() + "%", new Pause.For(at.interval()));
    }

    /** Rollback hooks are asked between checks too: somebody may be waiting for them to be heard. */
    private static Pause untilNextLook(Situation at) {
        return at.draft().untilDue(at.has(HookType.ROLLBACK) ? at.gatePoll() : at.interval());
    }

    static Draft draft(Situation at) {
        return RollbackHooks.note(at, Keeping.draft(at));
    }
}
