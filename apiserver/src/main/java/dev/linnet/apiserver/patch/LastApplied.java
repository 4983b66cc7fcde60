package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;

/**
 * The annotation in which client-side apply keeps its last configuration. A real server reads and writes it for the manager
 * {@code kubectl} only, so that people can go from client-side to server-side apply, and back, without conflicts.
 */
final class LastApplied {
    private static final String MANAGER = "kubectl";
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MAX_ANNOTATIONS = 256 * 1024;
    private static final JsonMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private LastApplied() {}

    /** Fields that the writer may take from others, because client-side apply set them and they still are as it left them. */
    static FieldSet takeable(ObjectNode live, Schema schema, Writer writer) {
        if (!writer.manager().equals(MANAGER) || !(read(live) instanceof ObjectNode last)) {
            return FieldSet.EMPTY;
        }
        if (!last.path("apiVersion").asText().equals(writer.apiVersion())) {
            return FieldSet.EMPTY;
        }
        Comparison since = Comparison.between(last, live, schema, writer.builtIn());
        return Fields.of(last, schema).minus(since.changed()).minus(since.removed());
    }

    /** Brings the annotation up to date in {@code merged}, if there is one. */
    static void refresh(ObjectNode merged, ObjectNode applied, Writer writer) {
        boolean keeps = writer.manager().equals(MANAGER)
                && !merged.path("metadata")
                        .path("annotations")
                        .path(ANNOTATION)
                        .asText()
                        .isEmpty();
        if (!keeps) {
            return;
        }
        ObjectNode configuration = applied.deepCopy();
        if (configuration.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode annotations = (ObjectNode) merged.path("metadata").path("annotations");
        annotations.put(ANNOTATION, write(configuration));
        int size = annotations
                .propertyStream()
                .mapToInt(entry ->
                        entry.getKey().length() + entry.getValue().asText().length())
                .sum();
        if (size > MAX_ANNOTATIONS) {
            annotations.remove(ANNOTATION);
        }
    }

    private static JsonNode read(ObjectNode live) {
        String text = live.path("metadata").path("annotations").path(ANNOTATION).asText();
        try {
            return SORTED.readTree(text);
        } catch (JsonProcessingException e) {
            // Anybody may write annotations. One that is no JSON allows nothing.
            return SORTED.nullNode();
        }
    }

    /** kubectl ends the text with a line break; a text without one would look like a change to it. */
    private static String write(ObjectNode configuration) {
        try {
            return SORTED.writeValueAsString(configuration) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written as JSON", e);
        }
    }
}
