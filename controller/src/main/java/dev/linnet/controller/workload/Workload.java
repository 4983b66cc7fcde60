package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Version;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is released: the target that its author changes, its primary that serves meanwhile, and the Services that lead to them. */
public sealed interface Workload permits Templated, CoreServices, KnativeServices {

    /** What the target is at this moment. */
    Found find() throws Unusable;

    /**
     * A target.
     *
     * @param version what it runs
     * @param configs the ConfigMaps and Secrets that belong to its version, as {@code configmap/name} or {@code secret/name}
     */
    record Found(Version version, List<String> configs) {
        public Found {
            configs = List.copyOf(configs);
        }
    }

    /** What the target's containers run, for people; nothing where there is no target. */
    List<String> images();

    /** Whether the primary runs what the target says. */
    boolean isLikePrimary() throws Unusable;

    /**
     * Whether one of both can serve.
     *
     * @param waitedSince since when it has been waited for; {@link Instant#MAX} if it is not
     */
    Readiness readiness(Side side, Instant waitedSince, Instant now) throws Unusable;

    /** Makes the primary of the target, if it is missing. */
    void ensurePrimary() throws Unusable, Changed;

    /**
     * Gives the primary what the target runs.
     *
     * @param tried the version that was tried out
     * @throws Changed if the target runs another one by now
     */
    void copyToPrimary(Version tried) throws Unusable, Changed;

    /** The target has no Pods from now on. */
    void scaleDown() throws Unusable, Changed;

    /** The target has Pods again, if it had none. */
    void scaleUp(Optional<Integer> scalersMinimum) throws Unusable, Changed;

    /** The target gets as many Pods as the primary has, to serve without it. */
    void takeOver() throws Unusable, Changed;

    /** Makes or mends the Services of both versions. */
    void ensureServices() throws Unusable, Changed;

    /** The Service that callers use selects the Pods of this version. */
    void pointService(Side side) throws Unusable, Changed;

    /** Gives the Service that callers use back to the target. */
    void revertService() throws Unusable, Changed;

    /** A plan with what its metrics are asked about at this moment, where the plan alone cannot know. */
    default CanaryPlan measured(CanaryPlan plan) {
        return plan;
    }

    /** Everything of it that there is, for whoever takes over from another controller. */
    List<HasMetadata> objects();
}
