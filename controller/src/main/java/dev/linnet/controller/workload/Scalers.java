package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.manifests.flagger.PrimaryAutoscaler;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** The target's HorizontalPodAutoscaler and the primary's. The target's need not be paused: it does nothing while there are no Pods. */
public final class Scalers {
    private final KubernetesClient client;
    private final Names names;
    private final ScalerRef ref;
    private final OwnerReference owner;

    public Scalers(KubernetesClient client, Names names, ScalerRef ref, OwnerReference owner) {
        this.client = client;
        this.names = names;
        this.ref = ref;
        this.owner = owner;
    }

    /** Makes the primary's of the target's, if it is missing. */
    public void ensurePrimary() throws Unusable, Changed {
        PrimaryAutoscaler copy = new PrimaryAutoscaler(ref, names);
        if (live(copy.name()).isEmpty()) {
            Writes.create(client, copy.create(target(), owner));
        }
    }

    /** Gives the primary's what the target's says. */
    public void syncPrimary() throws Unusable, Changed {
        PrimaryAutoscaler copy = new PrimaryAutoscaler(ref, names);
        Optional<HorizontalPodAutoscaler> primary = live(copy.name());
        if (primary.isEmpty()) {
            ensurePrimary();
            return;
        }
        HorizontalPodAutoscaler synced = copy.sync(primary.get(), target());
        if (!synced.getSpec().equals(primary.get().getSpec())) {
            Writes.replace(client, synced);
        }
    }

    /** The fewest Pods that the target's wants. */
    public Optional<Integer> minimum() throws Unusable {
        return Optional.ofNullable(target().getSpec().getMinReplicas());
    }

    private HorizontalPodAutoscaler target() throws Unusable {
        return live(ref.name())
                .orElseThrow(() -> new Unusable("HorizontalPodAutoscaler " + ref.name() + "." + names.namespace()
                        + " get query error: horizontalpodautoscalers.autoscaling \"" + ref.name() + "\" not found"));
    }

    private Optional<HorizontalPodAutoscaler> live(String name) {
        return Optional.ofNullable(client.autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(names.namespace())
                .withName(name)
                .get());
    }
}
