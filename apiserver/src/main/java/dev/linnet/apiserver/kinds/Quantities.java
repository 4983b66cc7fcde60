package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/** Amounts in objects: written in one way, so that {@code 0.5} and {@code 500m} are no difference, and checked. */
final class Quantities {
    private static final String NOT_NEGATIVE = "must be greater than or equal to 0";

    private Quantities() {}

    /** Rewrites all values of a map such as {@code limits}; what is no amount is left for the checks to find. */
    static void canonicaliseMap(JsonNode parent, String name) {
        Json.find(parent, name)
                .ifPresent(map -> map.properties().forEach(entry -> entry.setValue(canonical(entry.getValue()))));
    }

    static void canonicalise(ObjectNode parent, String name) {
        if (Json.isSet(parent, name)) {
            parent.set(name, canonical(parent.path(name)));
        }
    }

    private static JsonNode canonical(JsonNode value) {
        Optional<Quantity> quantity = Quantity.parse(Json.text(value));
        return quantity.<JsonNode>map(amount -> TextNode.valueOf(amount.canonical()))
                .orElse(value);
    }

    static Optional<Quantity> check(Field field, Violations violations) {
        Optional<Quantity> quantity = Quantity.parse(field.text());
        if (quantity.isEmpty()) {
            violations.invalid(field, Quantity.WRONG);
        } else if (quantity.get().value().signum() < 0) {
            violations.invalid(field, NOT_NEGATIVE);
        }
        return quantity;
    }
}
