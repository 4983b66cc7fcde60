package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Answer.Settlement;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Clock;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;

/** The primary has the new version. Its traffic comes back once it is ready, and the canary goes once nobody needs it. */
final class Promotion {
    private Promotion() {}

    static Step next(Situation at) {
        if (at.run().stage() == Stage.COPYING) {
            return at.targetHasChanged() ? back(at) : copy(at);
        }
        return at.after(new Question.Ready(Side.PRIMARY), readiness -> switch (readiness) {
            case Readiness.Ready _ -> at.progress().phase() == Phase.PROMOTING ? shift(at) : finalise(at);
            case Readiness.NotReady notReady -> waitForPrimary(at, notReady);
        });
    }

    /** The target is something else by now: what nobody has tried out is not promoted. */
    private static Step back(Situation at) {
        return at.draft()
                .to(Phase.PROGRESSING)
                .run(run -> run.withStage(Stage.OPEN))
                .act("the target has changed", Pause.NONE);
    }

    private static Step copy(Situation at) {
        return Keeping.draft(at)
                .does(new Effect.CopyToPrimary(at.versions().applied()))
                .run(run -> run.withStage(Stage.OPEN))
                .act("the primary gets the new version", Pause.NONE);
    }

    private static Draft draft(Situation at) {
        Draft draft = Keeping.draft(at);
        return at.release().options().scaled() ? draft.does(new Effect.SyncPrimaryScaler()) : draft;
    }

    /** Most of the primary still serves while it rolls: traffic leaves a canary that has died, or has become yet another version. */
    private static Step waitForPrimary(Situation at, Readiness.NotReady notReady) {
        if (!at.canaryServes() && notReady.retriable()) {
            return waits(at, notReady);
        }
        return at.after(new Question.Ready(Side.CANARY), canary -> {
            boolean mustLeave = !serves(canary) || (at.targetHasChanged() && notReady.retriable());
            if (mustLeave && at.canaryServes() && notReady.serving()) {
                return leaveCanary(at);
            }
            if (notReady.retriable()) {
                return waits(at, notReady);
            }
            return serves(canary) ? fail(at, notReady) : bothAreDown(at, notReady);
        });
    }

    static boolean serves(Readiness readiness) {
        return switch (readiness) {
            case Readiness.Ready _ -> true;
            case Readiness.NotReady notReady -> notReady.serving();
        };
    }

    private static Step waits(Situation at, Readiness.NotReady notReady) {
        return draft(at).warnsOnce(notReady.text()).waitsFor(Wait.What.PRIMARY, notReady.text(), at.readinessPoll());
    }

    /** The canary serves no better, so there is nothing to move traffic to: the primary is waited for. */
    private static Step bothAreDown(Situation at, Readiness.NotReady notReady) {
        Draft draft = draft(at).warnsOnce(notReady.text());
        String text = Texts.promotionFailedAlert(notReady.text());
        return draft.alertsOnce(Severity.ERROR, text).waitsFor(Wait.What.PRIMARY, notReady.text(), at.readinessPoll());
    }

    private static Step leaveCanary(Situation at) {
        return draft(at)
                .tells(Texts.ROUTING_TO_PRIMARY)
                .does(new Effect.PointService(Side.PRIMARY))
                .run(run -> run.withHold(Hold.NONE))
                .counters(Counters::withdrawn)
                .split(Traffic.ALL_PRIMARY)
                .clock(clock -> clock.stepped(at.now()))
                .act("the canary is not what was tried out any more", Pause.NONE);
    }

    /** The canary keeps serving, also those who come by the Service, until the primary can. */
    private static Step fail(Situation at, Readiness.NotReady notReady) {
        String why = notReady.text();
        return at.draft()
                .warns(Texts.of(at).promotionFailed(why))
                .alerts(Severity.ERROR, Texts.promotionFailedAlert(why))
                .split(Traffic.ALL_CANARY)
                .does(new Effect.PointService(Side.CANARY))
                .to(Phase.FAILED)
                .counters(_ -> new Counters(100, 0, 0))
                .to(progress -> progress.withVersions(progress.versions().promote()))
                .run(run -> run.withHold(Hold.PROMOTION)
                        .withStage(Stage.TELLING)
                        .withEnding(new Ending(Ending.Cause.PROMOTION_FAILED, why)))
                .renews()
                .act("the primary does not become ready", Pause.NONE);
    }

    private static Step shift(Situation at) {
        if (at.isHeld()) {
            return returnService(at);
        }
        if (!at.canaryServes()) {
            return toFinalising(at, draft(at));
        }
        if (at.strategy().promotionStep() <= 0 || at.targetHasChanged()) {
            return shiftAll(at);
        }
        return at.after(new Question.Ready(Side.CANARY), canary -> serves(canary) ? shiftAgain(at) : shiftAll(at));
    }

    private static Step shiftAll(Situation at) {
        return toFinalising(at, draft(at).tells(Texts.ROUTING_TO_PRIMARY).split(Traffic.ALL_PRIMARY));
    }

    private static Step shiftAgain(Situation at) {
        return at.isDue()
                ? shiftBy(at, at.strategy().promotionStep())
                : draft(at).waitsForInterval(at.draft().untilDue(at.interval()));
    }

    /** Traffic follows only after it: who comes by the Service must find what the routes say. */
    private static Step returnService(Situation at) {
        return at.draft()
                .run(run -> run.withHold(Hold.NONE).withEnding(Ending.NONE))
                .does(new Effect.PointService(Side.PRIMARY))
                .act("the primary is ready", Pause.NONE);
    }

    private static Step shiftBy(Situation at, int step) {
        int left = Math.max(0, at.progress().counters().weight() - step);
        Draft draft = draft(at).split(at.share(left)).tells(Texts.of(at).primaryWeight(100 - left));
        return left == 0
                ? toFinalising(at, draft)
                : draft.clock(clock -> clock.stepped(at.now()))
                        .renews()
                        .act("the primary takes over step by step", new Pause.For(at.interval()));
    }

    /** One interval in which last requests are answered; none where the canary was never tried out. */
    private static Step toFinalising(Situation at, Draft draft) {
        boolean atOnce = at.skipsAnalysis() && !at.canaryServes();
        return draft.to(Phase.FINALISING)
                .counters(Counters::withdrawn)
                .clock(clock -> clock.stepped(atOnce ? Clock.AT_ONCE : at.now()))
                .renews()
                .act("the primary is ready", atOnce ? Pause.NONE : new Pause.For(at.interval()));
    }

    private static Step finalise(Situation at) {
        if (!at.isDue()) {
            return draft(at).waitsForInterval(at.draft().untilDue(at.interval()));
        }
        return at.after(new Question.Settled(), settled -> succeed(at, settled));
    }

    private static Step succeed(Situation at, Settlement settled) {
        return Settling.tell(at.draft(), settled)
                .pausesScaler()
                .does(new Effect.ScaleDown())
                .to(Phase.SUCCEEDED)
                .to(progress -> progress.withVersions(progress.versions().promote()))
                .run(run -> run.withStage(Stage.TELLING))
                .renews()
                .act("the primary serves the new version", Pause.NONE);
    }
}
