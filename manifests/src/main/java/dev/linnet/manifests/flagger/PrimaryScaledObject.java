package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Map;
import java.util.Objects;

/**
 * The primary's ScaledObject of KEDA: the target's copy, with all its fields. The target's own is paused while the target has no Pods.
 *
 * @param ref   of the target's
 * @param names of the release
 */
public record PrimaryScaledObject(ScalerRef ref, Names names) {
    public static final String API_VERSION = "keda.sh/v1alpha1";
    public static final String KIND = "ScaledObject";

    /** The annotation by which KEDA lets a workload have so many Pods. */
    public static final String PAUSED = "autoscaling.keda.sh/paused-replicas";

    private static final JsonMapper JSON = new JsonMapper();

    public String name() {
        return ref.name() + "-primary";
    }

    /** The first one. */
    public GenericKubernetesResource create(GenericKubernetesResource target, OwnerReference owner) {
        Map<String, String> annotations =
                Ownership.withoutTools(target.getMetadata().getAnnotations());
        // The target rests, the primary must not.
        annotations.remove(PAUSED);
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        GenericKubernetesResource primary = new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withNewMetadata()
                .withName(name())
                .withNamespace(names.namespace())
                .withLabels(Ownership.withoutTools(target.getMetadata().getLabels()))
                .withAnnotations(annotations)
                .withOwnerReferences(owner)
                .endMetadata()
                .build();
        primary.setAdditionalProperty("spec", spec(target));
        return primary;
    }

    /** One that is there, with what the target's says; equal to it if it says so already. */
    public GenericKubernetesResource sync(GenericKubernetesResource primary, GenericKubernetesResource target) {
        GenericKubernetesResource synced = new GenericKubernetesResourceBuilder(primary).build();
        synced.setAdditionalProperty("spec", spec(target));
        return synced;
    }

    /** Whether both say the same. */
    public static boolean saySame(GenericKubernetesResource one, GenericKubernetesResource other) {
        return JSON.valueToTree(one.getAdditionalProperties().get("spec"))
                .equals(JSON.valueToTree(other.getAdditionalProperties().get("spec")));
    }

    private Map<?, ?> spec(GenericKubernetesResource target) {
        ObjectNode spec = specOf(target);
        spec.withObject("/scaleTargetRef").put("name", names.target() + "-primary");
        ref.minReplicas().ifPresent(fewest -> spec.put("minReplicaCount", fewest));
        ref.maxReplicas().ifPresent(most -> spec.put("maxReplicaCount", most));
        ObjectNode autoscaler = spec.withObject("/advanced").withObject("/horizontalPodAutoscalerConfig");
        String itsName = autoscaler.path("name").asText("");
        if (!itsName.isEmpty()) {
            autoscaler.put("name", itsName + "-primary");
        }
        for (JsonNode trigger : spec.path("triggers")) {
            query((ObjectNode) trigger);
        }
        return JSON.convertValue(spec, Map.class);
    }

    private void query(ObjectNode trigger) {
        String wanted = ref.queries().get(trigger.path("name").asText(""));
        if (wanted != null) {
            trigger.withObject("/metadata").put("query", wanted);
        } else if (ref.queries().isEmpty() && trigger.path("metadata").has("query")) {
            ObjectNode metadata = trigger.withObject("/metadata");
            metadata.put("query", renamed(metadata.path("query").asText()));
        }
    }

    /** The target's series become the primary's, and the canary's too; those that are the primary's stay. */
    private String renamed(String query) {
        String target = names.target();
        return query.replace(target + "-canary", target)
                .replace(target + "-primary", target)
                .replace(target, target + "-primary");
    }

    /** How few Pods the target's wants. */
    public static int minimum(GenericKubernetesResource target) {
        return specOf(target).path("minReplicaCount").asInt(1);
    }

    private static ObjectNode specOf(GenericKubernetesResource object) {
        JsonNode spec = JSON.valueToTree(object.getAdditionalProperties().get("spec"));
        return Objects.requireNonNull(spec).isObject() ? spec.deepCopy() : JSON.createObjectNode();
    }
}
