package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the {@code x-kubernetes-*} extensions of {@code sharing.txt} into definitions. */
final class SharingRules {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<TableLine> table;

    private SharingRules(List<TableLine> table) {
        this.table = table;
    }

    static SharingRules read(Path file) throws IOException {
        return new SharingRules(TableLine.read(file));
    }

    /** Fails where a line names a type or a field that does not exist: the table is wrong then, or the client is newer. */
    void applyTo(Map<String, ObjectNode> definitions) throws IOException {
        for (TableLine line : table) {
            ObjectNode target = target(definitions, line);
            for (String rule : line.words().subList(1, line.words().size())) {
                apply(rule, target, line);
            }
        }
    }

    private static ObjectNode target(Map<String, ObjectNode> definitions, TableLine line) {
        String[] path = line.words().getFirst().split("\\.", 2);
        ObjectNode definition = definitions.get(line.section() + "." + path[0]);
        if (definition == null) {
            throw line.wrong(line.section() + "." + path[0] + " is no definition");
        }
        if (path.length == 1) {
            return definition;
        }
        if (definition.path("properties").path(path[1]) instanceof ObjectNode property) {
            return property;
        }
        throw line.wrong(path[0] + " has no field " + path[1]);
    }

    private static void apply(String rule, ObjectNode target, TableLine line) throws IOException {
        String name = rule.substring(0, Math.max(rule.indexOf('='), 0));
        String value = rule.substring(name.length() + 1);
        switch (name) {
            case "patch" -> patch(value, target);
            case "list" -> list(value, target, line);
            case "map" -> target.put("x-kubernetes-map-type", value);
            case "default" -> target.set("default", JSON.readTree(value));
            default -> throw line.wrong(rule + " is no rule (expected: patch=, list=, map= or default=)");
        }
    }

    private static void patch(String value, ObjectNode target) {
        String[] parts = value.split(":", 2);
        target.put("x-kubernetes-patch-strategy", parts[0]);
        if (parts.length == 2) {
            target.put("x-kubernetes-patch-merge-key", parts[1]);
        }
    }

    private static void list(String value, ObjectNode target, TableLine line) {
        JsonNode type = target.path("type");
        if (!type.asText().equals("array")) {
            throw line.wrong("the field is of type " + type + " (expected: array)");
        }
        String[] parts = value.split(":", 2);
        target.put("x-kubernetes-list-type", parts[0]);
        if (parts.length == 2) {
            ArrayNode keys = target.putArray("x-kubernetes-list-map-keys");
            List.of(parts[1].split(",", -1)).forEach(keys::add);
        }
    }
}
