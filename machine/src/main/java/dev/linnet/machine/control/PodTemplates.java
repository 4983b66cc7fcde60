package dev.linnet.machine.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares and names Pod templates by what they mean: {@code rollout undo} sends back an old template with nulls and in
 * another order, and it must be found again rather than rolled out as something new.
 */
public final class PodTemplates {
    /** The label that tells the ReplicaSets of a Deployment, and their Pods, apart. */
    public static final String HASH_LABEL = "pod-template-hash";

    /** Maps where empty and absent mean the same. Elsewhere, as in {@code emptyDir: {}}, being there is the meaning. */
    private static final Set<String> EMPTY_IS_ABSENT = Set.of(
            "annotations",
            "labels",
            "limits",
            "matchLabels",
            "metadata",
            "nodeSelector",
            "overhead",
            "requests",
            "resources",
            "securityContext");

    private static final Set<String> QUANTITIES = Set.of("limits", "requests", "overhead");
    /** Kubernetes' alphabet for generated names: no vowels, so that no words appear. */
    private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";

    private static final ObjectMapper JSON = new ObjectMapper();

    private PodTemplates() {}

    /** True when both make the same Pods; the hash label is not part of what the author wrote. */
    public static boolean same(PodTemplateSpec one, PodTemplateSpec other) {
        return canonical(one).equals(canonical(other));
    }

    /**
     * A short name for a template, the same in every run of every version of this program.
     *
     * @param collisions how many names before this one were taken by another template
     */
    public static String hash(PodTemplateSpec template, int collisions) {
        String text = canonical(template) + (collisions == 0 ? "" : "#" + collisions);
        int hash = 0x811c9dc5;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x01000193;
        }
        return safe(Integer.toUnsignedString(hash));
    }

    private static String safe(String digits) {
        StringBuilder name = new StringBuilder(digits.length());
        digits.chars().forEach(digit -> name.append(SAFE.charAt(digit % SAFE.length())));
        return name.toString();
    }

    private static String canonical(PodTemplateSpec template) {
        JsonNode tree = JSON.valueToTree(template);
        if (tree.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(HASH_LABEL);
        }
        return canonical(tree).toString();
    }

    private static JsonNode canonical(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> canonicalObject(object);
            case ArrayNode array -> {
                ArrayNode items = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(item -> items.add(canonical(item)));
                yield items;
            }
            default -> node;
        };
    }

    private static ObjectNode canonicalObject(ObjectNode object) {
        ObjectNode sorted = JsonNodeFactory.instance.objectNode();
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode value = canonical(object.path(name));
            if (isPresent(name, value)) {
                sorted.set(name, QUANTITIES.contains(name) ? quantities(value) : value);
            }
        }
        return sorted;
    }

    private static boolean isPresent(String name, JsonNode value) {
        return !value.isNull()
                && !(value.isArray() && value.isEmpty())
                && !(value.isObject() && value.isEmpty() && EMPTY_IS_ABSENT.contains(name));
    }

    /** {@code 1000m} and {@code 1} are the same amount. */
    private static JsonNode quantities(JsonNode amounts) {
        ObjectNode plain = JsonNodeFactory.instance.objectNode();
        amounts.properties()
                .forEach(each -> plain.put(
                        each.getKey(),
                        Quantity.getAmountInBytes(Quantity.parse(each.getValue().asText()))
                                .stripTrailingZeros()
                                .toPlainString()));
        return plain;
    }
}
