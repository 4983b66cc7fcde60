package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** DaemonSets and StatefulSets: defaults, checks, and what stays as it was made. */
final class SetRules {
    private static final int REVISIONS = 10;
    private static final List<String> MAY_CHANGE = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private SetRules() {}

    static void applyDaemonSetDefaults(ObjectNode daemonSet) {
        ObjectNode spec = Json.object(daemonSet, "spec");
        PodDefaults.applyToTemplate(spec);
        ObjectNode strategy = Json.object(spec, "updateStrategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Json.object(strategy, "rollingUpdate");
            Json.putDefault(rolling, "maxUnavailable", 1);
            Json.putDefault(rolling, "maxSurge", 0);
        }
        Json.putDefault(spec, "revisionHistoryLimit", REVISIONS);
        StatusDefaults.counts(
                daemonSet, "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady");
    }

    static void applyStatefulSetDefaults(ObjectNode statefulSet) {
        ObjectNode spec = Json.object(statefulSet, "spec");
        Json.putDefault(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = Json.object(spec, "updateStrategy");
        Json.putDefault(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            Json.putDefault(Json.object(strategy, "rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = Json.object(spec, "persistentVolumeClaimRetentionPolicy");
        Json.putDefault(retention, "whenDeleted", "Retain");
        Json.putDefault(retention, "whenScaled", "Retain");
        Json.putDefault(spec, "replicas", 1);
        Json.putDefault(spec, "revisionHistoryLimit", REVISIONS);
        PodDefaults.applyToTemplate(spec);
        for (ObjectNode claim : Json.objects(spec, "volumeClaimTemplates")) {
            Json.putDefault(claim, "apiVersion", "v1");
            Json.putDefault(claim, "kind", "PersistentVolumeClaim");
            StorageRules.applyClaimDefaults(claim);
        }
        StatusDefaults.counts(statefulSet, "replicas", "availableReplicas");
    }

    static void checkDaemonSet(Field daemonSet, Violations violations) {
        Field spec = daemonSet.at("spec");
        Field selector = spec.at("selector");
        if (LabelSelectors.check(selector, violations)) {
            PodSpecRules.checkSelected(spec.at("template"), selector, violations);
        }
        if (selector.isSet() && LabelSelectors.isEmpty(selector)) {
            violations.invalid(selector, "empty selector is invalid for daemonset");
        }
        PodSpecRules.checkAnyTemplate(spec.at("template"), violations);
        PodSpecRules.checkRunsForever(spec.at("template", "spec"), "DaemonSet", violations);
        violations.notNegative(spec.at("minReadySeconds"));
        checkDaemonStrategy(spec.at("updateStrategy"), violations);
        violations.notNegative(spec.at("revisionHistoryLimit"));
    }

    private static void checkDaemonStrategy(Field strategy, Violations violations) {
        switch (strategy.at("type").text()) {
            case "RollingUpdate" -> checkDaemonUpdate(strategy.at("rollingUpdate"), violations);
            case "OnDelete" -> {}
            // A real server shows the whole strategy here.
            default -> violations.notSupported(strategy, List.of("RollingUpdate", "OnDelete"));
        }
    }

    private static void checkDaemonUpdate(Field rolling, Violations violations) {
        Field unavailable = rolling.at("maxUnavailable");
        Field surge = rolling.at("maxSurge");
        PortRules.checkCountOrPercent(unavailable, violations);
        PortRules.checkCountOrPercent(surge, violations);
        PortRules.checkAtMostAll(unavailable, violations);
        PortRules.checkAtMostAll(surge, violations);
        boolean some = PortRules.magnitude(unavailable) != 0;
        boolean more = PortRules.magnitude(surge) != 0;
        if (some && more) {
            violations.invalid(surge, "may not be set when maxUnavailable is non-zero");
        } else if (!some && !more) {
            violations.required(unavailable, "cannot be 0 when maxSurge is 0");
        }
    }

    static void checkStatefulSet(Field statefulSet, Violations violations) {
        Field spec = statefulSet.at("spec");
        checkChoice(spec.at("podManagementPolicy"), "OrderedReady", "Parallel", violations);
        checkChoice(spec.at("updateStrategy", "type"), "RollingUpdate", "OnDelete", violations);
        violations.notNegative(spec.at("replicas"));
        if (WorkloadRules.checkSelector(spec.at("selector"), "statefulset", "", violations)) {
            // As on a real server, the Pods' spec is not looked at until they are made: it may mount claims that are
            // yet
            // to come.
            PodSpecRules.checkSelected(spec.at("template"), spec.at("selector"), violations);
            PodSpecRules.checkTemplateMetadata(spec.at("template"), violations);
        }
        PodSpecRules.checkRunsForever(spec.at("template", "spec"), "StatefulSet", violations);
    }

    private static void checkChoice(Field field, String one, String other, Violations violations) {
        if (!List.of(one, other).contains(field.text())) {
            violations.invalid(field, "must be '" + one + "' or '" + other + "'");
        }
    }

    static void checkStatefulSetUpdate(Field before, Field after, Violations violations) {
        if (!Json.same(fixed(before), fixed(after))) {
            violations.forbidden(
                    after.at("spec"),
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                            + " 'minReadySeconds' are forbidden");
        }
    }

    private static ObjectNode fixed(Field statefulSet) {
        ObjectNode copy =
                statefulSet.at("spec").value() instanceof ObjectNode spec ? spec.deepCopy() : Json.newObject();
        copy.remove(MAY_CHANGE);
        return copy;
    }
}
