package dev.linnet.apiserver.kinds;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where Pods may run: affinity, tolerations, spread over nodes, and what they wait for. Taints of nodes, too. */
final class PlacementRules {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final String WRONG_OPERATOR = "not a valid selector operator";
    private static final String NOT_POSITIVE = "must be greater than zero";

    private PlacementRules() {}

    static void checkAffinity(Field affinity, Violations violations) {
        Field toNodes = affinity.at("nodeAffinity");
        if (toNodes.at(REQUIRED).isSet()) {
            checkNodeSelector(toNodes.at(REQUIRED), violations);
        }
        for (Field term : toNodes.at(PREFERRED).items()) {
            checkWeight(term.at("weight"), violations);
            checkNodeTerm(term.at("preference"), false, violations);
        }
        for (String toPods : List.of("podAffinity", "podAntiAffinity")) {
            affinity.at(toPods, REQUIRED).items().forEach(term -> checkPodTerm(term, violations));
            for (Field term : affinity.at(toPods, PREFERRED).items()) {
                checkWeight(term.at("weight"), violations);
                checkPodTerm(term.at("podAffinityTerm"), violations);
            }
        }
    }

    private static void checkWeight(Field weight, Violations violations) {
        if (weight.number() < 1 || weight.number() > 100) {
            violations.invalid(weight, weight.number(), "must be in the range 1-100");
        }
    }

    private static void checkNodeSelector(Field selector, Violations violations) {
        Field terms = selector.at("nodeSelectorTerms");
        if (terms.isZero()) {
            violations.required(terms, "must have at least one node selector term");
        }
        terms.items().forEach(term -> checkNodeTerm(term, true, violations));
    }

    /** @param strict whether values must be labels' values: in preferences they need not be */
    private static void checkNodeTerm(Field term, boolean strict, Violations violations) {
        term.at("matchExpressions").items().forEach(one -> checkNodeLabel(one, strict, violations));
        term.at("matchFields").items().forEach(one -> checkNodeField(one, violations));
    }

    private static void checkNodeLabel(Field requirement, boolean strict, Violations violations) {
        Field values = requirement.at("values");
        switch (requirement.at("operator").text()) {
            case "In", "NotIn" -> {
                if (values.isZero()) {
                    violations.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isZero()) {
                    violations.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values.size() != 1) {
                    violations.required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> violations.invalid(requirement.at("operator"), WRONG_OPERATOR);
        }
        violations.invalid(
                requirement.at("key"), Names.qualifiedName(requirement.at("key").text()));
        if (strict) {
            values.items().forEach(value -> violations.invalid(value, Names.labelValue(value.text())));
        }
    }

    private static void checkNodeField(Field requirement, Violations violations) {
        Field values = requirement.at("values");
        if (!List.of("In", "NotIn").contains(requirement.at("operator").text())) {
            violations.invalid(requirement.at("operator"), WRONG_OPERATOR);
        } else if (values.size() != 1) {
            violations.required(
                    values, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (!requirement.at("key").text().equals("metadata.name")) {
            violations.invalid(requirement.at("key"), "not a valid field selector key");
        } else {
            values.items().forEach(value -> violations.invalid(value, Names.subdomain(value.text())));
        }
    }

    private static void checkPodTerm(Field term, Violations violations) {
        LabelSelectors.check(term.at("labelSelector"), violations);
        LabelSelectors.check(term.at("namespaceSelector"), violations);
        for (String namespace : Json.texts(term.value(), "namespaces")) {
            violations.invalid(term.at("namespace"), namespace, Names.label(namespace));
        }
        checkTopologyKey(term.at("topologyKey"), violations);
    }

    private static void checkTopologyKey(Field key, Violations violations) {
        if (key.isZero()) {
            violations.required(key, "can not be empty");
        }
        violations.invalid(key, Names.qualifiedName(key.text()));
    }

    static void checkSpread(Field constraints, Violations violations) {
        Set<Object> seen = new HashSet<>();
        for (Field constraint : constraints.items()) {
            Field skew = constraint.at("maxSkew");
            if (skew.number() <= 0) {
                violations.invalid(skew, skew.number(), NOT_POSITIVE);
            }
            checkTopologyKey(constraint.at("topologyKey"), violations);
            Field otherwise = constraint.at("whenUnsatisfiable");
            violations.oneOf(otherwise, List.of("DoNotSchedule", "ScheduleAnyway"));
            String pair = "{" + constraint.at("topologyKey").text() + ", " + otherwise.text() + "}";
            violations.unique(constraint.at("{topologyKey, whenUnsatisfiable}"), pair, seen);
            Field domains = constraint.at("minDomains");
            if (domains.isSet() && domains.number() <= 0) {
                violations.invalid(domains, NOT_POSITIVE);
            }
            LabelSelectors.check(constraint.at("labelSelector"), violations);
        }
    }

    static void checkGates(Field spec, Violations violations) {
        for (Field gate : spec.at("readinessGates").items()) {
            Field type = gate.at("conditionType");
            violations.invalid(type, Names.qualifiedName(type.text()));
        }
        Set<Object> seen = new HashSet<>();
        for (Field gate : spec.at("schedulingGates").items()) {
            String name = gate.at("name").text();
            violations.invalid(gate, name, Names.qualifiedName(name));
            violations.unique(gate, name, seen);
        }
    }

    static void checkTolerations(Field tolerations, Violations violations) {
        for (Field toleration : tolerations.items()) {
            Field key = toleration.at("key");
            Field operator = toleration.at("operator");
            if (!key.isZero()) {
                violations.invalid(key, Names.qualifiedName(key.text()));
            } else if (!operator.text().equals("Exists")) {
                violations.invalid(
                        operator,
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            Field effect = toleration.at("effect");
            if (toleration.at("tolerationSeconds").isSet() && !effect.text().equals("NoExecute")) {
                violations.invalid(effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            checkToleratedValue(toleration, violations);
            violations.noneOrOneOf(effect, EFFECTS);
        }
    }

    /** Messages about the value name the operator's path, as on a real server. */
    private static void checkToleratedValue(Field toleration, Violations violations) {
        Field operator = toleration.at("operator");
        String value = toleration.at("value").text();
        switch (operator.text()) {
            case "", "Equal" -> {
                List<String> wrong = Names.labelValue(value);
                if (!wrong.isEmpty()) {
                    violations.invalid(operator, value, String.join(";", wrong));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    violations.invalid(operator, value, "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> violations.oneOf(operator, List.of("Equal", "Exists"));
        }
    }

    static void checkTaints(Field taints, Violations violations) {
        Set<String> seen = new HashSet<>();
        for (Field taint : taints.items()) {
            violations.invalid(
                    taint.at("key"), Names.qualifiedName(taint.at("key").text()));
            List<String> wrong = Names.labelValue(taint.at("value").text());
            if (!wrong.isEmpty()) {
                violations.invalid(taint.at("value"), String.join(";", wrong));
            }
            Field effect = taint.at("effect");
            if (effect.isZero()) {
                violations.required(effect);
            } else {
                violations.oneOf(effect, EFFECTS);
            }
            if (!seen.add(effect.text() + "/" + taint.at("key").text())) {
                violations.duplicate(taint, "taints must be unique by key and effect pair");
            }
        }
    }
}
