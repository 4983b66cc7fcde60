package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Roles and their bindings: defaults and checks. */
final class AccessRules {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private AccessRules() {}

    static void checkRole(Field role, Violations violations) {
        role.at("rules").items().forEach(rule -> checkRule(rule, true, violations));
    }

    static void checkClusterRole(Field role, Violations violations) {
        role.at("rules").items().forEach(rule -> checkRule(rule, false, violations));
        Field selectors = role.at("aggregationRule", "clusterRoleSelectors");
        if (role.at("aggregationRule").isSet() && selectors.isZero()) {
            violations.required(selectors, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        for (Field selector : selectors.items()) {
            LabelSelectors.check(selector, violations);
        }
    }

    private static void checkRule(Field rule, boolean namespaced, Violations violations) {
        if (rule.at("verbs").size() == 0) {
            violations.required(rule.at("verbs"), "verbs must contain at least one value");
        }
        Field urls = rule.at("nonResourceURLs");
        if (urls.size() > 0) {
            if (namespaced) {
                violations.invalid(urls, "namespaced rules cannot apply to non-resource URLs");
            }
            boolean mixed = rule.at("apiGroups").size()
                            + rule.at("resources").size()
                            + rule.at("resourceNames").size()
                    > 0;
            if (mixed) {
                violations.invalid(urls, "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (rule.at("apiGroups").size() == 0) {
            violations.required(rule.at("apiGroups"), "resource rules must supply at least one api group");
        }
        if (rule.at("resources").size() == 0) {
            violations.required(rule.at("resources"), "resource rules must supply at least one resource");
        }
    }

    static void applyBindingDefaults(ObjectNode binding) {
        Json.putDefault(Json.object(binding, "roleRef"), "apiGroup", GROUP);
        for (ObjectNode subject : Json.objects(binding, "subjects")) {
            if (!Json.text(subject, "kind").equals("ServiceAccount")) {
                Json.putDefault(subject, "apiGroup", GROUP);
            }
        }
    }

    static void checkRoleBinding(Field binding, Violations violations) {
        checkBinding(binding, List.of("Role", "ClusterRole"), true, violations);
    }

    static void checkClusterRoleBinding(Field binding, Violations violations) {
        checkBinding(binding, List.of("ClusterRole"), false, violations);
    }

    private static void checkBinding(Field binding, List<String> kinds, boolean namespaced, Violations violations) {
        Field role = binding.at("roleRef");
        violations.oneOf(role.at("apiGroup"), List.of(GROUP));
        violations.oneOf(role.at("kind"), kinds);
        if (role.at("name").isZero()) {
            violations.required(role.at("name"));
        } else {
            violations.invalid(
                    role.at("name"), Names.pathSegment(role.at("name").text()));
        }
        binding.at("subjects").items().forEach(subject -> checkSubject(subject, namespaced, violations));
    }

    private static void checkSubject(Field subject, boolean namespaced, Violations violations) {
        if (subject.at("name").isZero()) {
            violations.required(subject.at("name"));
        }
        switch (subject.at("kind").text()) {
            case "ServiceAccount" -> {
                if (!subject.at("name").isZero()) {
                    violations.invalid(
                            subject.at("name"),
                            Names.subdomain(subject.at("name").text()));
                }
                if (!subject.at("apiGroup").isZero()) {
                    violations.oneOf(subject.at("apiGroup"), List.of(""));
                }
                // A real server lets a RoleBinding's subject default to nothing, too.
                if (!namespaced && subject.at("namespace").isZero()) {
                    violations.required(subject.at("namespace"));
                }
            }
            case "User", "Group" -> {
                if (subject.at("name").isZero()) {
                    String kind = subject.at("kind").text().toLowerCase(Locale.ROOT);
                    violations.invalid(subject.at("name"), kind + " name cannot be empty");
                }
                violations.oneOf(subject.at("apiGroup"), List.of(GROUP));
            }
            default -> violations.oneOf(subject.at("kind"), List.of("ServiceAccount", "User", "Group"));
        }
    }

    static void checkBindingUpdate(Field before, Field after, Violations violations) {
        if (!Json.same(before.at("roleRef").value(), after.at("roleRef").value())) {
            // Go's names, as a real server shows them.
            ObjectNode shown = Json.newObject();
            shown.put("APIGroup", after.at("roleRef", "apiGroup").text());
            shown.put("Kind", after.at("roleRef", "kind").text());
            shown.put("Name", after.at("roleRef", "name").text());
            violations.invalid(after.at("roleRef"), shown, "cannot change roleRef");
        }
    }
}
