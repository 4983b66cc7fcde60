package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Small rules of the core kinds that need no class of their own. */
final class CoreRules {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private CoreRules() {}

    static void applyNamespaceDefaults(ObjectNode namespace) {
        String name = Json.text(namespace, "metadata", "name");
        if (!name.isEmpty()) {
            Json.object(namespace, "metadata", "labels").put(NAME_LABEL, name);
        }
        ObjectNode spec = Json.object(namespace, "spec");
        // Once it is being deleted, an empty list means that its content is gone.
        if (!Json.isSet(spec, "finalizers") && !Json.isSet(namespace, "metadata", "deletionTimestamp")) {
            spec.putArray("finalizers").add("kubernetes");
        }
        Json.putDefault(Json.object(namespace, "status"), "phase", "Active");
    }

    static void applyNodeDefaults(ObjectNode node) {
        Json.object(node, "spec");
        ObjectNode status = Json.object(node, "status");
        Quantities.canonicaliseMap(status, "capacity");
        Quantities.canonicaliseMap(status, "allocatable");
        JsonNode capacity = status.path("capacity");
        if (capacity.isObject()) {
            Json.putDefault(status, "allocatable", capacity.deepCopy());
        }
    }

    static void applyQuotaDefaults(ObjectNode quota) {
        Quantities.canonicaliseMap(Json.object(quota, "spec"), "hard");
        StatusDefaults.empty(quota);
    }

    static void checkNamespace(Field namespace, Violations violations) {
        Field finalizers = namespace.at("spec", "finalizers");
        for (Field item : finalizers.items()) {
            Field finalizer = new Field(item.value(), finalizers.path());
            violations.invalid(finalizer, Names.qualifiedName(item.text()));
            MetadataRules.checkStandardFinalizer(finalizer, violations);
        }
    }

    static void checkNode(Field node, Violations violations) {
        // A real server places taints there in its messages, too.
        PlacementRules.checkTaints(new Field(node.at("spec", "taints").value(), "metadata.taints"), violations);
        for (Field range : node.at("spec", "podCIDRs").items()) {
            violations.invalid(range, IpAddresses.cidr(range.text()));
        }
    }

    static void checkNodeUpdate(Field before, Field after, Violations violations) {
        Field ranges = after.at("spec", "podCIDRs");
        Field were = before.at("spec", "podCIDRs");
        if (!were.isZero() && !Json.same(were.value(), ranges.value())) {
            violations.forbidden(ranges, "node updates may not change podCIDR except from \"\" to valid");
        }
        Field provider = before.at("spec", "providerID");
        if (!provider.isZero()
                && !provider.text().equals(after.at("spec", "providerID").text())) {
            violations.forbidden(
                    after.at("spec", "providerID"), "node updates may not change providerID except from \"\" to valid");
        }
    }

    static void checkLease(Field lease, Violations violations) {
        Field spec = lease.at("spec");
        Field duration = spec.at("leaseDurationSeconds");
        if (duration.isSet() && duration.number() <= 0) {
            violations.invalid(duration, "must be greater than 0");
        }
        violations.notNegative(spec.at("leaseTransitions"));
        if (!spec.at("preferredHolder").isZero() && spec.at("strategy").isZero()) {
            violations.forbidden(spec.at("preferredHolder"), "may only be specified if `strategy` is defined");
        }
    }

    static void applyBudgetDefaults(ObjectNode budget) {
        StatusDefaults.counts(budget, "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");
    }

    static void checkBudget(Field budget, Violations violations) {
        Field spec = budget.at("spec");
        if (spec.at("minAvailable").isSet() && spec.at("maxUnavailable").isSet()) {
            violations.invalid(spec, "minAvailable and maxUnavailable cannot be both set");
        }
        for (String name : List.of("minAvailable", "maxUnavailable")) {
            Field count = spec.at(name);
            if (!count.isSet()) {
                continue;
            }
            PortRules.checkCountOrPercent(count, violations);
            PortRules.checkAtMostAll(count, violations);
        }
        LabelSelectors.check(spec.at("selector"), violations);
        violations.noneOrOneOf(spec.at("unhealthyPodEvictionPolicy"), List.of("AlwaysAllow", "IfHealthyBudget"));
    }

    static void applyPriorityDefaults(ObjectNode priorityClass) {
        Json.putDefault(priorityClass, "preemptionPolicy", "PreemptLowerPriority");
    }

    static void checkPriorityUpdate(Field before, Field after, Violations violations) {
        if (before.at("value").number() != after.at("value").number()) {
            violations.forbidden(after.at("value"), "may not be changed in an update.");
        }
    }

    static void applyPolicyDefaults(ObjectNode networkPolicy) {
        ObjectNode spec = Json.object(networkPolicy, "spec");
        Json.object(spec, "podSelector");
        if (!Json.isSet(spec, "policyTypes")) {
            var types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
        for (String direction : List.of("ingress", "egress")) {
            for (ObjectNode rule : Json.objects(spec, direction)) {
                Json.objects(rule, "ports").forEach(port -> Json.putDefault(port, "protocol", "TCP"));
            }
        }
    }
}
