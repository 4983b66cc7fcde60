package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Reads {@code status.conditions}. */
final class Conditions {
    private Conditions() {}

    static Optional<ObjectNode> find(ObjectNode object, String type) {
        return Json.objects(object, "status", "conditions").stream()
                .filter(condition -> Json.text(condition, "type").equals(type))
                .findFirst();
    }

    static boolean isTrue(ObjectNode object, String type) {
        return find(object, type)
                .map(condition -> Json.text(condition, "status").equals("True"))
                .orElse(false);
    }
}
