package dev.linnet.apiserver.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Iterator;

/** JSON text and trees. */
public final class Json {
    /** Its buffers are lent: each request has a thread of its own, which would make new ones. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .build();

    /** A tree that was read has IntNode where code put a LongNode; both are the same JSON. */
    private static final Comparator<JsonNode> BY_VALUE = (left, right) -> sameScalar(left, right) ? 0 : 1;

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads any JSON value; {@link IOException} says where it is wrong. */
    public static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /** Reads what {@link #bytes} wrote. */
    public static ObjectNode readOwn(byte[] json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("stored JSON is damaged", e);
        }
    }

    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether two trees mean the same, whatever the order of their fields and the width of their numbers. */
    public static boolean same(JsonNode left, JsonNode right) {
        return left.equals(BY_VALUE, right);
    }

    /** Removes fields that are null: absent and null are the same to Kubernetes. */
    public static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        Iterator<JsonNode> children = node.elements();
        while (children.hasNext()) {
            dropNulls(children.next());
        }
    }

    /** The object at a field, made when absent or of another type. */
    public static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode existing ? existing : parent.putObject(field);
    }

    /** The list at a field, made when absent or of another type. */
    public static ArrayNode list(ObjectNode parent, String field) {
        return parent.get(field) instanceof ArrayNode existing ? existing : parent.putArray(field);
    }

    private static boolean sameScalar(JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return left.decimalValue().compareTo(right.decimalValue()) == 0;
        }
        return left.equals(right);
    }
}
