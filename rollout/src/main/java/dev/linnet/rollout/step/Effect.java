package dev.linnet.rollout.step;

import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Version;

/** Something to be done to the cluster. Each may be done again without harm; none is done before the one ahead of it has been. */
public sealed interface Effect {

    /** Objects that a release owns. */
    enum Part {
        /** The Services of primary and canary. */
        SERVICES,
        /** The primary workload with its copies of ConfigMaps and Secrets: made of the target if it is missing, else left alone. */
        PRIMARY,
        /** The primary's scaler: made if it is missing. */
        PRIMARY_SCALER,
        /** The provider's route objects. Shares that they have are kept. */
        ROUTES,
        /** The finalizer, if the plan asks for one; else it is taken off. */
        FINALIZER
    }

    /** Make it, or mend it. */
    record Ensure(Part part) implements Effect {}

    /** The Service that callers use selects the Pods of this version; made if it is missing. */
    record PointService(Side side) implements Effect {}

    /** Let the target's scaler act again. */
    record ResumeScaler() implements Effect {}

    /** Keep the target's scaler from acting: a target that is scaled down stays so. */
    record PauseScaler() implements Effect {}

    /** Give the primary's scaler what the target's says now. */
    record SyncPrimaryScaler() implements Effect {}

    /** Scale the target up from zero, if it is at zero. */
    record ScaleUp() implements Effect {}

    /** Scale the target to zero. */
    record ScaleDown() implements Effect {}

    /** Move traffic. Cookies of session affinity are those of the progress that the act leads to. */
    record Route(Traffic traffic) implements Effect {}

    /**
     * Give the primary the target's template and configs, if the target still is what was tried out; if it is not, stop and decide again.
     */
    record CopyToPrimary(Version version) implements Effect {}

    /** Give the target the replicas of the primary, or what it had before it was scaled down. */
    record RevertTarget() implements Effect {}

    /** Give the Service that callers use its former selector, if it is not ours. A missing one is done. */
    record RevertService() implements Effect {}

    /** Give the provider's objects their former content, where they are not ours. A missing one is done. */
    record RevertRoutes() implements Effect {}

    /** Take the finalizer off: the Canary goes. */
    record RemoveFinalizer() implements Effect {}
}
