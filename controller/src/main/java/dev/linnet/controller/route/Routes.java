package dev.linnet.controller.route;

import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.manifests.flagger.WeightedRoute;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;

/** The route objects of one release. A provider is one class of this kind. */
public interface Routes {

    /**
     * Makes or mends what it owns. Shares that are there are kept.
     *
     * @param cookies by which users keep their version
     */
    void ensure(Cookies cookies) throws Unusable, Changed;

    /** Moves traffic. */
    void route(Traffic traffic, Cookies cookies) throws Unusable, Changed;

    /** What the objects say now. */
    Answer.Routes read(Progress progress);

    /** Gives objects that were there before their former content. */
    void revert() throws Unusable, Changed;

    /** The objects by which traffic moves, with the versions that they have now: {@code Ingress/test/podinfo-canary}. */
    Map<String, String> versions();

    /** The objects by which it routes, as far as they are of kinds that not every cluster has. */
    default List<Followed> followed() {
        return List.of();
    }

    /** An object whose changes matter. */
    record Followed(WeightedRoute.Kind kind, String name) {}

    /** The objects that the controller writes, for whoever takes over from another one. */
    default List<HasMetadata> objects() {
        return List.of();
    }
}
