package dev.linnet.apiserver.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One evaluation of all rules of a kind on one object. */
final class RuleRun {
    private static final int MESSAGE_MAX_BYTES = 5 * 1024;

    private final List<FieldError> errors = new ArrayList<>();
    private final Budget budget = new Budget();
    private boolean ended;

    List<FieldError> errors() {
        return errors;
    }

    /** @param path of the value within its object; empty for the object itself */
    void visit(RuleTree tree, Seen seen, String path) {
        for (Rule rule : tree.rules()) {
            if (!ended && applies(rule, seen)) {
                evaluate(rule, tree, seen, path);
            }
        }
        tree.items().ifPresent(inner -> {
            for (int index = 0; index < seen.items().size(); index++) {
                visit(inner, seen.item(seen.items().get(index)), path + "[" + index + "]");
            }
        });
        tree.values()
                .ifPresent(inner -> seen.fields()
                        .forEach((name, value) ->
                                visit(inner, seen.field((String) name, value), path + "[" + name + "]")));
        tree.properties().forEach((field, property) -> {
            Object value = seen.fields().get(field);
            if (value != null) {
                visit(property.tree(), seen.field(field, value), child(path, property.name()));
            }
        });
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean applies(Rule rule, Seen seen) {
        return !rule.usesOldSelf() || seen.old().isPresent() || rule.optionalOldSelf();
    }

    private void evaluate(Rule rule, RuleTree tree, Seen seen, String path) {
        if (budget.exhausted()) {
            end(
                    tree,
                    path,
                    "validation failed due to running out of cost budget, no further validation rules will be run");
            return;
        }
        try {
            if (Boolean.TRUE.equals(result(rule.program(), variables(rule, seen))) && !budget.overdrawn()) {
                return;
            }
            if (!budget.overdrawn()) {
                broken(rule, tree, seen, path);
                return;
            }
        } catch (CelEvaluationException e) {
            if (!budget.overdrawn()) {
                errors.add(invalid(tree, path, failed(rule, RuleIssues.text(e))));
                return;
            }
        }
        end(
                tree,
                path,
                "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost"
                        + " exceeds limit for rule: " + rule.shown());
    }

    private Object result(Program program, Map<String, Object> variables) throws CelEvaluationException {
        budget.beginExpression();
        return program.trace(variables, budget);
    }

    private static Map<String, Object> variables(Rule rule, Seen seen) {
        Map<String, Object> variables = new HashMap<>(Map.of("self", seen.value()));
        if (rule.optionalOldSelf()) {
            variables.put("oldSelf", seen.old());
        } else {
            seen.old().ifPresent(old -> variables.put("oldSelf", old));
        }
        return variables;
    }

    private static String failed(Rule rule, String why) {
        return why.equals("no such overload")
                ? "'" + why
                        + "': call arguments did not match a supported operator, function or macro signature for rule: "
                        + rule.shown()
                : why + " evaluating rule: " + rule.shown();
    }

    private void end(RuleTree tree, String path, String why) {
        errors.add(invalid(tree, path, why));
        ended = true;
    }

    private void broken(Rule rule, RuleTree tree, Seen seen, String path) {
        if (!rule.usesOldSelf() && seen.unchanged()) {
            return;
        }
        String detail = message(rule, seen).orElse(rule.failure());
        String at = RuleFieldPath.normalised(rule.fieldPath(), tree.schema())
                .filter(below -> !below.isEmpty())
                .map(below -> child(path, below))
                .orElse(path);
        errors.add(
                switch (rule.declared().path("reason").asText()) {
                    case "FieldValueForbidden" -> FieldError.forbidden(shown(at), detail);
                    case "FieldValueRequired" -> FieldError.required(shown(at), detail);
                    case "FieldValueDuplicate" -> FieldError.duplicate(shown(at), tree.type());
                    default -> invalid(tree, at, detail);
                });
    }

    /** Empty where the rule has no expression for it, or none that makes one good line. */
    private Optional<String> message(Rule rule, Seen seen) {
        return rule.message()
                .flatMap(program -> {
                    try {
                        return Optional.of(result(program, variables(rule, seen))
                                .toString()
                                .strip());
                    } catch (CelEvaluationException _) {
                        return Optional.empty();
                    }
                })
                .filter(text -> !text.isEmpty() && !text.contains("\n") && text.length() <= MESSAGE_MAX_BYTES);
    }

    private static FieldError invalid(RuleTree tree, String path, String detail) {
        return FieldError.invalid(shown(path), tree.type(), detail);
    }

    private static String shown(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }
}
