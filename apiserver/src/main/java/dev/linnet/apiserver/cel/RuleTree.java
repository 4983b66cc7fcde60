package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of a schema and of what is within; parts without rules are left out.
 *
 * @param schema     of the value that the rules are about
 * @param properties by their names as rules call them, see {@link FieldNames}
 */
record RuleTree(
        JsonNode schema,
        List<Rule> rules,
        Optional<RuleTree> items,
        Optional<RuleTree> values,
        Map<String, Property> properties) {

    /** @param name as the object has it */
    record Property(String name, RuleTree tree) {}

    boolean isEmpty() {
        return rules.isEmpty() && items.isEmpty() && values.isEmpty() && properties.isEmpty();
    }

    String type() {
        return schema.path("type").asText();
    }
}
