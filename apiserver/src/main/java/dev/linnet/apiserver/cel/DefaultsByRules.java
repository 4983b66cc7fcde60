package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Defaults of a schema must obey its rules, as new values and as values that stay. */
final class DefaultsByRules {
    private final List<FieldError> errors = new ArrayList<>();

    private DefaultsByRules() {}

    static List<FieldError> check(RuleTree tree, String path) {
        DefaultsByRules check = new DefaultsByRules();
        check.visit(tree, path);
        return check.errors;
    }

    private void visit(RuleTree tree, String path) {
        JsonNode schema = tree.schema();
        if (schema.has("default")) {
            Object value = SchemaValues.of(schema.path("default"), schema);
            RuleRun run = new RuleRun();
            run.visit(tree, Seen.root(value, Optional.empty()), path + ".default");
            errors.addAll(run.errors());
        }
        tree.items().ifPresent(items -> visit(items, path + ".items"));
        tree.properties()
                .forEach((_, property) -> visit(property.tree(), path + ".properties[" + property.name() + "]"));
    }
}
