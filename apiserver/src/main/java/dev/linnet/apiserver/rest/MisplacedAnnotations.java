package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Annotations that stand beside {@code annotations:} instead of below it, because somebody lost two blanks of indentation. A real API server
 * refuses them when it is strict and forgets them when it is not; manifests that are passed around have them, so here they are taken for what they are, and
 * the author is told.
 *
 * <p>No field of metadata has a slash in its name, so none is mistaken for an annotation.
 */
final class MisplacedAnnotations {
    private MisplacedAnnotations() {}

    /**
     * Moves them to where they belong. A null moves too: in a patch it takes an annotation away.
     *
     * @param object an object or a merge patch of one; changed in place
     * @return warnings for the author, one for each
     */
    static List<String> mend(ObjectNode object) {
        if (!(object.get("metadata") instanceof ObjectNode metadata)) {
            return new ArrayList<>();
        }
        List<Map.Entry<String, JsonNode>> misplaced = metadata.properties().stream()
                .filter(field -> field.getKey().indexOf('/') > 0)
                .filter(field ->
                        field.getValue().isTextual() || field.getValue().isNull())
                .map(Map.Entry::copyOf)
                .toList();
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : misplaced) {
            metadata.remove(field.getKey());
            annotations(metadata).set(field.getKey(), field.getValue());
            warnings.add(
                    "metadata." + field.getKey()
                            + " is no field, it was taken as an annotation (expected: two blanks further in, below annotations)");
        }
        return warnings;
    }

    private static ObjectNode annotations(ObjectNode metadata) {
        return metadata.get("annotations") instanceof ObjectNode annotations
                ? annotations
                : metadata.putObject("annotations");
    }
}
