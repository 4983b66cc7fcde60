package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles all rules of a schema, and says in Kubernetes' words what is wrong with them. */
final class RuleCompiler {
    private static final String RULES = "x-kubernetes-validations";

    private final List<FieldError> errors = new ArrayList<>();

    /** Rules that do not compile are left out; {@link #errors()} says which and why. */
    RuleTree compile(JsonNode schema, String path) {
        return compile(schema, new Place(path, true, ""));
    }

    List<FieldError> errors() {
        return errors;
    }

    /**
     * Where in a definition a schema stands.
     *
     * @param root          whether it describes a whole object
     * @param uncorrelated the schema above whose values cannot be told apart from one version of an object to the next; empty if none
     */
    private record Place(String path, boolean root, String uncorrelated) {
        Place below(String step, JsonNode schema) {
            return new Place(path + step, SchemaTypes.isEmbedded(schema), uncorrelated);
        }

        Place withoutCorrelation() {
            return uncorrelated.isEmpty() ? new Place(path, root, path) : this;
        }
    }

    private RuleTree compile(JsonNode schema, Place place) {
        List<Rule> rules = schema.path(RULES).isEmpty() ? List.of() : rules(schema, place);
        return new RuleTree(
                schema,
                rules,
                items(schema, place),
                within(schema, "additionalProperties", place),
                properties(schema, place));
    }

    private Optional<RuleTree> items(JsonNode schema, Place place) {
        boolean keyed = schema.path("x-kubernetes-list-type").asText().equals("map");
        return within(schema, "items", keyed ? place : place.withoutCorrelation());
    }

    private Optional<RuleTree> within(JsonNode schema, String name, Place place) {
        JsonNode inner = schema.path(name);
        if (!inner.isObject()) {
            return Optional.empty();
        }
        return Optional.of(compile(inner, place.below("." + name, inner))).filter(tree -> !tree.isEmpty());
    }

    private Map<String, RuleTree.Property> properties(JsonNode schema, Place place) {
        Map<String, RuleTree.Property> properties = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            RuleTree tree = compile(property.getValue(), place.below(".properties[" + name + "]", property.getValue()));
            if (!tree.isEmpty()) {
                properties.put(FieldNames.escaped(name).orElse(name), new RuleTree.Property(name, tree));
            }
        });
        return properties;
    }

    private List<Rule> rules(JsonNode schema, Place place) {
        SchemaTypes types = new SchemaTypes();
        Optional<CelType> self = types.of(schema, "selfType", place.root());
        if (self.isEmpty()) {
            errors.add(FieldError.internal(
                    place.path() + "." + RULES,
                    "internal error: failed to construct type information for x-kubernetes-validations rules: unable to"
                            + " convert structural schema to CEL declarations"));
            return List.of();
        }
        List<Rule> rules = new ArrayList<>();
        Map<Boolean, CelCompiler> compilers = new HashMap<>();
        JsonNode declared = schema.path(RULES);
        for (int index = 0; index < declared.size(); index++) {
            JsonNode rule = declared.get(index);
            CelCompiler compiler = compilers.computeIfAbsent(
                    rule.path("optionalOldSelf").asBoolean(),
                    optional -> RuleLanguage.compiler(types.provider(), self.get(), optional));
            String path = place.path() + "." + RULES + "[" + index + "]";
            rule(rule, compiler, path, place).ifPresent(rules::add);
        }
        return rules;
    }

    private Optional<Rule> rule(JsonNode declared, CelCompiler compiler, String path, Place place) {
        try {
            CelAbstractSyntaxTree rule =
                    expression(compiler, declared.path("rule").asText(), SimpleType.BOOL);
            boolean usesOldSelf = rule.getReferenceMap().values().stream()
                    .anyMatch(reference -> reference.name().equals("oldSelf"));
            checkOldSelf(declared, usesOldSelf, path, place);
            Program program = RuleLanguage.RUNTIME.createProgram(rule);
            return Optional.of(new Rule(declared, program, message(declared, compiler, path), usesOldSelf));
        } catch (CelValidationException e) {
            errors.add(invalid(path + ".rule", declared, "compilation failed: " + RuleIssues.text(e)));
        } catch (CelEvaluationException e) {
            errors.add(invalid(path + ".rule", declared, "program instantiation failed: " + RuleIssues.text(e)));
        } catch (WrongResult e) {
            errors.add(invalid(path + ".rule", declared, "cel expression must evaluate to a bool"));
        }
        return Optional.empty();
    }

    private Optional<Program> message(JsonNode declared, CelCompiler compiler, String path)
            throws CelEvaluationException {
        String source = declared.path("messageExpression").asText();
        if (source.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(RuleLanguage.RUNTIME.createProgram(expression(compiler, source, SimpleType.STRING)));
        } catch (CelValidationException e) {
            errors.add(invalid(
                    path + ".messageExpression",
                    declared,
                    "messageExpression compilation failed: " + RuleIssues.text(e)));
        } catch (WrongResult e) {
            errors.add(invalid(path + ".messageExpression", declared, "messageExpression must evaluate to a string"));
        }
        return Optional.empty();
    }

    private void checkOldSelf(JsonNode declared, boolean usesOldSelf, String path, Place place) {
        if (usesOldSelf && !place.uncorrelated().isEmpty()) {
            errors.add(FieldError.invalid(
                    path + ".rule",
                    declared.path("rule").asText(),
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                            + place.uncorrelated()));
        } else if (!usesOldSelf && declared.has("optionalOldSelf")) {
            errors.add(FieldError.invalid(
                    path + ".optionalOldSelf",
                    declared.path("optionalOldSelf"),
                    "may not be set if oldSelf is not used in rule"));
        }
    }

    /** An expression whose value is of another type than the one that is needed. */
    private static final class WrongResult extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static CelAbstractSyntaxTree expression(CelCompiler compiler, String source, CelType result)
            throws CelValidationException, WrongResult {
        CelAbstractSyntaxTree tree = compiler.compile(source).getAst();
        if (!tree.getResultType().equals(result)) {
            throw new WrongResult();
        }
        return tree;
    }

    private static FieldError invalid(String path, JsonNode rule, String detail) {
        return FieldError.invalid(path, RuleIssues.goSyntax(rule), detail);
    }
}
