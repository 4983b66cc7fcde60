package dev.linnet.machine.deployment;

import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodTemplates;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.HashMap;
import java.util.Map;

/** Makes the ReplicaSet for a template that has none yet. */
final class NewReplicaSet {
    private NewReplicaSet() {}

    static ReplicaSet of(Deployment deployment, int collisions, int size, long revision) {
        var template = deployment.getSpec().getTemplate();
        String hash = PodTemplates.hash(template, collisions);
        Map<String, String> labels = new HashMap<>();
        if (template.getMetadata() != null && template.getMetadata().getLabels() != null) {
            labels.putAll(template.getMetadata().getLabels());
        }
        labels.put(PodTemplates.HASH_LABEL, hash);
        Map<String, String> annotations =
                Revisions.sized(deployment, Revisions.inCharge(deployment, Map.of(), revision));
        return new ReplicaSetBuilder()
                .withNewMetadata()
                // The name follows from the template, so that a second creation from a stale cache is refused.
                .withName(deployment.getMetadata().getName() + "-" + hash)
                .withNamespace(deployment.getMetadata().getNamespace())
                .withLabels(labels)
                .withAnnotations(annotations)
                .withOwnerReferences(Owners.controlledBy(deployment))
                .endMetadata()
                .withNewSpec()
                .withReplicas(size)
                .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
                .withNewSelectorLike(deployment.getSpec().getSelector())
                .addToMatchLabels(PodTemplates.HASH_LABEL, hash)
                .endSelector()
                .withNewTemplateLike(template)
                .editOrNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
    }
}
