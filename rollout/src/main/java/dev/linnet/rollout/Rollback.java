package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Settlement;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Ending.Cause;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;

/**
 * A run is taken back: traffic first, then Pods. Where no Pod of the primary serves but some of the canary do, traffic stays with what is
 * alive and comes back with the primary.
 */
final class Rollback {
    private Rollback() {}

    static Step next(Situation at) {
        return at.run().stage() == Stage.SETTLING
                ? at.after(new Question.Settled(), settled -> finish(at, settled))
                : at.after(
                        new Question.Ready(Side.PRIMARY),
                        primary -> Promotion.serves(primary) ? routeBack(at) : orStay(at));
    }

    private static Step orStay(Situation at) {
        return at.after(new Question.Ready(Side.CANARY), canary -> Promotion.serves(canary) ? stay(at) : routeBack(at));
    }

    private static Step routeBack(Situation at) {
        return at.draft()
                .does(new Effect.PointService(Side.PRIMARY))
                .split(Traffic.ALL_PRIMARY)
                .run(run -> run.withStage(Stage.SETTLING).withHold(Hold.NONE))
                .act("traffic goes back to the primary", Pause.NONE);
    }

    /** What the run ended for is told when it has ended: once the primary is back. */
    private static Step stay(Situation at) {
        return at.draft()
                .warns(Texts.of(at).staying())
                .split(Traffic.ALL_CANARY)
                .does(new Effect.PointService(Side.CANARY))
                .to(Phase.FAILED)
                .counters(_ -> new Counters(100, 0, 0))
                .run(run -> run.withHold(Hold.ROLLBACK).withStage(Stage.OPEN))
                .renews()
                .act("only the canary serves", Pause.NONE);
    }

    private static Step finish(Situation at, Settlement settled) {
        boolean reverted = at.run().ending().cause() == Cause.REVERTED;
        Draft draft = Settling.tell(at.draft(), settled)
                .to(reverted ? Phase.SUCCEEDED : Phase.FAILED)
                .counters(_ -> Counters.ZERO);
        if (reverted) {
            draft.to(Rollback::withPromotedApplied);
        } else {
            draft.warns(Texts.of(at).failed());
        }
        return draft.pausesScaler()
                .does(new Effect.ScaleDown())
                .run(run -> run.withStage(Stage.TELLING))
                .renews()
                .act(reverted ? "there is nothing to release" : "the run has failed", Pause.NONE);
    }

    private static Progress withPromotedApplied(Progress progress) {
        return progress.withVersions(
                progress.versions().withApplied(progress.versions().promoted()));
    }
}
