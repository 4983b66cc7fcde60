package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.List;
import java.util.Optional;

/** The rules of one version of a custom kind. Compiled once; immutable, and safe for use by several threads. */
public final class Rules {
    private static final String RULES = "x-kubernetes-validations";

    private final JsonNode schema;
    private final RuleTree tree;

    private Rules(JsonNode schema, RuleTree tree) {
        this.schema = schema;
        this.tree = tree;
    }

    /** Whether a schema has rules, itself or within. Cheap: CEL is not loaded for it. */
    public static boolean anyIn(JsonNode schema) {
        if (!schema.path(RULES).isEmpty()
                || anyWithin(schema.path("items"))
                || anyWithin(schema.path("additionalProperties"))) {
            return true;
        }
        for (JsonNode property : schema.path("properties")) {
            if (anyIn(property)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyWithin(JsonNode schema) {
        return schema.isObject() && anyIn(schema);
    }

    /** @param schema which {@link #errors} accepts */
    public static Rules of(ObjectNode schema) {
        return new Rules(schema, new RuleCompiler().compile(schema, ""));
    }

    /**
     * What is wrong with the rules of a schema: they do not compile, or a default breaks them.
     *
     * @param path of the schema within its definition
     */
    public static List<FieldError> errors(ObjectNode schema, String path) {
        RuleCompiler compiler = new RuleCompiler();
        RuleTree tree = compiler.compile(schema, path);
        return compiler.errors().isEmpty() ? DefaultsByRules.check(tree, path) : compiler.errors();
    }

    /**
     * All rules that an object breaks.
     *
     * @param object valid by its schema
     * @param old    what it was before; empty for a new object. A part that breaks a rule as it did before is let pass
     */
    public List<FieldError> check(ObjectNode object, Optional<ObjectNode> old) {
        RuleRun run = new RuleRun();
        run.visit(
                tree,
                Seen.root(SchemaValues.of(object, schema), old.map(before -> SchemaValues.of(before, schema))),
                "");
        return run.errors();
    }
}
