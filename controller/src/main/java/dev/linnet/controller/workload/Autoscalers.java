package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.manifests.flagger.PrimaryAutoscaler;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** The target's HorizontalPodAutoscaler and the primary's. The target's need not be paused: it does nothing while there are no Pods. */
public final class Autoscalers implements Scaler {
    private final KubernetesClient client;
    private final Names names;
    private final ScalerRef ref;
    private final OwnerReference owner;

    public Autoscalers(KubernetesClient client, Names names, ScalerRef ref, OwnerReference owner) {
        this.client = client;
        this.names = names;
        this.ref = ref;
        this.owner = owner;
    }

    @Override
    public void ensurePrimary() throws Unusable, Changed {
        PrimaryAutoscaler copy = new PrimaryAutoscaler(ref, names);
        if (live(copy.name()).isEmpty()) {
            Writes.create(client, copy.create(target(), owner));
        }
    }

    @Override
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

    @Override
    public Optional<Integer> minimum() throws Unusable {
        return Optional.ofNullable(target().getSpec().getMinReplicas());
    }

    @Override
    public void pause() {
        // It does nothing while there are no Pods.
    }

    @Override
    public void resume() {
        // It was never paused.
    }

    @Override
    public List<HasMetadata> objects() {
        return live(new PrimaryAutoscaler(ref, names).name()).stream()
                .map(HasMetadata.class::cast)
                .toList();
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
