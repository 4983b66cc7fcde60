package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.manifests.flagger.PrimaryScaledObject;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The target's ScaledObject of KEDA and the primary's. KEDA would scale a target up that was scaled down: the target's is paused until a run. */
public final class ScaledObjects implements Scaler {
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup("keda.sh")
            .withVersion("v1alpha1")
            .withKind(PrimaryScaledObject.KIND)
            .withPlural("scaledobjects")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final Names names;
    private final ScalerRef ref;
    private final OwnerReference owner;

    public ScaledObjects(KubernetesClient client, Names names, ScalerRef ref, OwnerReference owner) {
        this.client = client;
        this.names = names;
        this.ref = ref;
        this.owner = owner;
    }

    @Override
    public void ensurePrimary() throws Unusable, Changed {
        PrimaryScaledObject copy = new PrimaryScaledObject(ref, names);
        if (live(copy.name()).isEmpty()) {
            Writes.create(client, copy.create(target(), owner));
        }
    }

    @Override
    public void syncPrimary() throws Unusable, Changed {
        PrimaryScaledObject copy = new PrimaryScaledObject(ref, names);
        Optional<GenericKubernetesResource> primary = live(copy.name());
        if (primary.isEmpty()) {
            ensurePrimary();
            return;
        }
        GenericKubernetesResource synced = copy.sync(primary.get(), target());
        if (!PrimaryScaledObject.saySame(synced, primary.get())) {
            Writes.replace(client, synced);
        }
    }

    @Override
    public Optional<Integer> minimum() throws Unusable {
        return Optional.of(PrimaryScaledObject.minimum(target()));
    }

    @Override
    public void pause() throws Unusable, Changed {
        mark(target(), true);
    }

    @Override
    public void resume() throws Changed {
        Optional<GenericKubernetesResource> target = live(ref.name());
        if (target.isPresent()) {
            mark(target.get(), false);
        }
    }

    private void mark(GenericKubernetesResource target, boolean paused) throws Changed {
        Map<String, String> annotations =
                Objects.requireNonNullElse(target.getMetadata().getAnnotations(), Map.<String, String>of());
        if (annotations.containsKey(PrimaryScaledObject.PAUSED) == paused) {
            return;
        }
        var patch = Writes.nothing();
        var marks = patch.withObject("/metadata/annotations");
        if (paused) {
            marks.put(PrimaryScaledObject.PAUSED, "0");
        } else {
            marks.putNull(PrimaryScaledObject.PAUSED);
        }
        Writes.patch(client, target, patch);
    }

    @Override
    public List<HasMetadata> objects() {
        return live(new PrimaryScaledObject(ref, names).name()).stream()
                .map(HasMetadata.class::cast)
                .toList();
    }

    private GenericKubernetesResource target() throws Unusable {
        return live(ref.name())
                .orElseThrow(() -> new Unusable("ScaledObject " + ref.name() + "." + names.namespace()
                        + " get query error: scaledobjects.keda.sh \"" + ref.name() + "\" not found"));
    }

    private Optional<GenericKubernetesResource> live(String name) {
        return Optional.ofNullable(client.genericKubernetesResources(KIND)
                .inNamespace(names.namespace())
                .withName(name)
                .get());
    }
}
