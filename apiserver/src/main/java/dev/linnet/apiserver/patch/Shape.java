package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.linnet.apiserver.schema.Schema;

/** How far ownership goes into a value: field by field, element by element, or not at all. */
enum Shape {
    MAP,
    LIST,
    /** Owned as a whole: scalars, null, atomic maps and lists. */
    LEAF;

    static Shape of(JsonNode value, Schema schema) {
        if (value.isObject()) {
            return schema.atomicMap() ? LEAF : MAP;
        }
        if (value instanceof ArrayNode list && schema.listType() != Schema.ListType.ATOMIC) {
            boolean keyed = list.valueStream()
                    .allMatch(item -> ListItems.key(item, schema).isPresent());
            return keyed ? LIST : LEAF;
        }
        return LEAF;
    }

    /** The shape in which two values can be compared or merged. A missing value, and null, takes the other's shape. */
    static Shape ofBoth(JsonNode one, JsonNode other, Schema schema) {
        if (absent(one)) {
            return of(other, schema);
        }
        Shape shape = of(one, schema);
        return absent(other) || shape == of(other, schema) ? shape : LEAF;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
