package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;

/**
 * A failed release serves from the canary because the primary cannot. Two ways lead out: the primary becomes ready, or a new version comes,
 * which is checked where it is and then given to the primary.
 */
final class Holding {
    private Holding() {}

    static Step next(Situation at) {
        return at.after(new Question.Ready(Side.PRIMARY), primary -> switch (primary) {
            case Readiness.Ready _ -> at.run().hold() == Hold.PROMOTION ? promote(at) : goBack(at);
            case Readiness.NotReady notReady ->
                at.target().filter(at.versions()::isNew).isPresent()
                        ? tryOut(at)
                        : at.after(new Question.Ready(Side.CANARY), canary -> stay(at, notReady, canary));
        });
    }

    /** The primary runs what was tried out, so its promotion goes on where it had failed. */
    private static Step promote(Situation at) {
        return at.draft()
                .to(Phase.PROMOTING)
                .run(run -> run.withEnding(Ending.NONE))
                .renews()
                .act("the primary has become ready", Pause.NONE);
    }

    private static Step goBack(Situation at) {
        return Rollback.next(at);
    }

    private static Step tryOut(Situation at) {
        return Trial.restart(
                at, at.target().orElseThrow(), at.draft().tells(Texts.of(at).restarting()));
    }

    /** Traffic is where something serves, for as long as the primary is not ready. */
    private static Step stay(Situation at, Readiness.NotReady primary, Readiness canary) {
        boolean canaryServes = Promotion.serves(canary);
        if (at.canaryHolds() && !canaryServes && primary.serving()) {
            return move(at, Side.PRIMARY, Traffic.ALL_PRIMARY);
        }
        if (!at.canaryHolds() && canaryServes && !primary.serving()) {
            return move(at, Side.CANARY, Traffic.ALL_CANARY);
        }
        return Keeping.draft(at).waitsFor(Wait.What.PRIMARY, primary.text(), new Pause.UntilChange());
    }

    private static Step move(Situation at, Side side, Traffic traffic) {
        return at.draft()
                .does(new Effect.PointService(side))
                .split(traffic)
                .act("only this version serves: " + side, Pause.NONE);
    }
}
