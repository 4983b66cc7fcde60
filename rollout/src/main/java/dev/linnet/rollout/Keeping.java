package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Effect.Part;

/** The objects of a release that exist all the time, mended at each occasion in an order in which none points to what is not there. */
final class Keeping {
    private Keeping() {}

    /** A draft that mends them first. */
    static Draft draft(Situation at) {
        Draft draft = at.draft()
                .does(new Effect.Ensure(Part.FINALIZER))
                .does(new Effect.Ensure(Part.SERVICES))
                .does(new Effect.Ensure(Part.PRIMARY));
        if (at.release().options().scaled()) {
            draft.does(new Effect.Ensure(Part.PRIMARY_SCALER));
        }
        draft.does(new Effect.PointService(at.canaryHolds() ? Side.CANARY : Side.PRIMARY));
        return at.routes() ? draft.does(new Effect.Ensure(Part.ROUTES)) : draft;
    }
}
