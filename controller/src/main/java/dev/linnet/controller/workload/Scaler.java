package dev.linnet.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/** What decides how many Pods a target has, and its copy for the primary. */
public sealed interface Scaler permits Autoscalers, ScaledObjects {

    /** Makes the primary's of the target's, if it is missing. */
    void ensurePrimary() throws Unusable, Changed;

    /** Gives the primary's what the target's says. */
    void syncPrimary() throws Unusable, Changed;

    /** The fewest Pods that the target's wants. */
    Optional<Integer> minimum() throws Unusable;

    /** The target's leaves a target that was scaled down as it is. */
    void pause() throws Unusable, Changed;

    /** The target's acts again. One that is gone needs not. */
    void resume() throws Changed;

    /** The primary's, for whoever takes over from another controller. */
    List<HasMetadata> objects();
}
