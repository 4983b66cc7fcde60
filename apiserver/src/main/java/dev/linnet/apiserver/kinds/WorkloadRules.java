package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Deployments and ReplicaSets: defaults, checks, and what stays as it was made. */
final class WorkloadRules {
    private static final String QUARTER = "25%";
    private static final int REVISIONS = 10;
    private static final int PROGRESS_SECONDS = 600;

    private WorkloadRules() {}

    static void applyDeploymentDefaults(ObjectNode deployment) {
        ObjectNode spec = Json.object(deployment, "spec");
        Json.putDefault(spec, "replicas", 1);
        ObjectNode strategy = Json.object(spec, "strategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Json.object(strategy, "rollingUpdate");
            Json.putDefault(rolling, "maxUnavailable", QUARTER);
            Json.putDefault(rolling, "maxSurge", QUARTER);
        }
        Json.putDefault(spec, "revisionHistoryLimit", REVISIONS);
        Json.putDefault(spec, "progressDeadlineSeconds", PROGRESS_SECONDS);
        PodDefaults.applyToTemplate(spec);
        StatusDefaults.empty(deployment);
    }

    static void applyReplicaSetDefaults(ObjectNode replicaSet) {
        ObjectNode spec = Json.object(replicaSet, "spec");
        Json.putDefault(spec, "replicas", 1);
        PodDefaults.applyToTemplate(spec);
        StatusDefaults.counts(replicaSet, "replicas");
    }

    static void checkDeployment(Field deployment, Violations violations) {
        Field spec = deployment.at("spec");
        violations.notNegative(spec.at("replicas"));
        if (checkSelector(spec.at("selector"), "deployment", "invalid label selector", violations)) {
            PodSpecRules.checkTemplate(spec.at("template"), spec.at("selector"), "ReplicaSet", violations);
        }
        checkStrategy(spec.at("strategy"), violations);
        violations.notNegative(spec.at("minReadySeconds"));
        violations.notNegative(spec.at("revisionHistoryLimit"));
        Field progress = spec.at("progressDeadlineSeconds");
        violations.notNegative(progress);
        if (progress.isSet() && progress.number() <= spec.at("minReadySeconds").number()) {
            violations.invalid(progress, "must be greater than minReadySeconds");
        }
    }

    static void checkReplicaSet(Field replicaSet, Violations violations) {
        Field spec = replicaSet.at("spec");
        violations.notNegative(spec.at("replicas"));
        violations.notNegative(spec.at("minReadySeconds"));
        // A real server speaks of a deployment here, too.
        if (checkSelector(spec.at("selector"), "deployment", "invalid label selector", violations)) {
            PodSpecRules.checkTemplate(spec.at("template"), spec.at("selector"), "ReplicaSet", violations);
        }
    }

    /** @return whether one can say what it selects; only then does a real server look at the template */
    static boolean checkSelector(Field selector, String kind, String wrong, Violations violations) {
        if (!selector.isSet()) {
            violations.required(selector);
            return true;
        }
        boolean valid = LabelSelectors.check(selector, violations);
        if (LabelSelectors.isEmpty(selector)) {
            violations.invalid(selector, "empty selector is invalid for " + kind);
        }
        if (!valid) {
            violations.invalid(selector, wrong);
        }
        return valid;
    }

    static void checkSameSelector(Field before, Field after, Violations violations) {
        violations.immutable(before.at("spec", "selector"), after.at("spec", "selector"));
    }

    private static void checkStrategy(Field strategy, Violations violations) {
        Field rolling = strategy.at("rollingUpdate");
        switch (strategy.at("type").text()) {
            case "Recreate" -> {
                if (rolling.isSet()) {
                    violations.forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> checkRolling(rolling, violations);
            default -> violations.oneOf(strategy.at("type"), List.of("Recreate", "RollingUpdate"));
        }
    }

    private static void checkRolling(Field rolling, Violations violations) {
        Field unavailable = rolling.at("maxUnavailable");
        Field surge = rolling.at("maxSurge");
        PortRules.checkCountOrPercent(unavailable, violations);
        PortRules.checkCountOrPercent(surge, violations);
        if (PortRules.magnitude(unavailable) == 0 && PortRules.magnitude(surge) == 0) {
            violations.invalid(unavailable, "may not be 0 when `maxSurge` is 0");
        }
        PortRules.checkAtMostAll(unavailable, violations);
    }
}
