package dev.linnet.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One YAML document as a tree that knows on which line each of its fields stands. */
final class LocatedYaml {
    private final JsonNode root;
    private final Map<String, Integer> lines = new HashMap<>();

    LocatedYaml(Node document) {
        this.root = tree("", document);
    }

    JsonNode root() {
        return root;
    }

    /** The line of a field, or of the nearest field around it that was written. */
    int line(String pointer) {
        String at = pointer;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return lines.getOrDefault(at, 0);
    }

    private JsonNode tree(String pointer, Node node) {
        lines.putIfAbsent(pointer, line(node));
        return switch (node) {
            case MappingNode mapping -> mapping(pointer, mapping);
            case SequenceNode sequence -> sequence(pointer, sequence);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalStateException("YAML node of an unknown kind: " + node.getNodeId());
        };
    }

    private JsonNode mapping(String pointer, MappingNode mapping) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar
                    ? scalar.getValue()
                    : entry.getKeyNode().toString();
            String below = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
            if (object.has(key)) {
                throw new DuplicateKey(key, entry.getKeyNode());
            }
            lines.put(below, line(entry.getKeyNode()));
            object.set(key, tree(below, entry.getValueNode()));
        }
        return object;
    }

    private JsonNode sequence(String pointer, SequenceNode sequence) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Node element : sequence.getValue()) {
            array.add(tree(pointer + "/" + array.size(), element));
        }
        return array;
    }

    /** Numbers other than plain decimal ones stay text: no field of ours wants them. */
    private static JsonNode scalar(ScalarNode scalar) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String text = scalar.getValue();
        if (scalar.getTag().equals(Tag.NULL)) {
            return nodes.nullNode();
        }
        if (scalar.getTag().equals(Tag.BOOL)) {
            return nodes.booleanNode(text.matches("(?i)true|yes|on"));
        }
        if (scalar.getTag().equals(Tag.INT) && text.matches("[+-]?(0|[1-9][0-9]*)")) {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Integer.SIZE ? nodes.numberNode(number.intValue()) : nodes.numberNode(number);
        }
        if (scalar.getTag().equals(Tag.FLOAT) && text.matches("[+-]?[0-9]+\\.[0-9]+")) {
            return nodes.numberNode(Double.parseDouble(text));
        }
        return nodes.textNode(text);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** The same key twice in one mapping: one of them would silently be lost. */
    static final class DuplicateKey extends MarkedYAMLException {
        DuplicateKey(String key, Node where) {
            super(null, null, key + " is written twice (expected: once)", where.getStartMark());
        }
    }
}
