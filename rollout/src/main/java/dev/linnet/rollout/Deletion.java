package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;

/**
 * The Canary goes. The target gets its Pods back, then its traffic, and only then the primary may go with the Canary: nobody is without an
 * answer in between. What is missing needs no reverting and holds nothing up.
 */
final class Deletion {
    private Deletion() {}

    static Step next(Situation at) {
        if (at.progress().phase() != Phase.TERMINATING) {
            return begin(at);
        }
        return switch (at.run().stage()) {
            case OPEN, COPYING -> revertTarget(at);
            case SETTLING -> at.target().isPresent() ? awaitTarget(at) : revertTraffic(at);
            case TELLING -> at.after(new Question.Settled(), settled -> end(at, Settling.tell(at.draft(), settled)));
        };
    }

    private static Step begin(Situation at) {
        return at.draft()
                .to(Phase.TERMINATING)
                .tells(Texts.of(at).terminating())
                .run(run -> run.withStage(Stage.OPEN))
                .renews()
                .act("the Canary is being deleted", Pause.NONE);
    }

    private static Step revertTarget(Situation at) {
        return at.draft()
                .resumesScaler()
                .does(new Effect.RevertTarget())
                .run(run -> run.withStage(Stage.SETTLING))
                .act("the target gets its Pods back", Pause.NONE);
    }

    private static Step awaitTarget(Situation at) {
        return at.after(new Question.Ready(Side.CANARY), readiness -> switch (readiness) {
            case Readiness.Ready _ -> revertTraffic(at);
            case Readiness.NotReady notReady ->
                at.draft().warnsOnce(notReady.text()).waitsFor(Wait.What.CANARY, notReady.text(), at.readinessPoll());
        });
    }

    private static Step revertTraffic(Situation at) {
        return at.draft()
                .does(new Effect.RevertService())
                .does(new Effect.RevertRoutes())
                .run(run -> run.withStage(Stage.TELLING))
                .act("the target serves", Pause.NONE);
    }

    private static Step end(Situation at, Draft draft) {
        return draft.tells(Texts.of(at).terminated())
                .does(new Effect.RemoveFinalizer())
                .act("nothing is left to revert", new Pause.UntilChange());
    }
}
