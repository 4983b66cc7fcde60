package dev.linnet.apiserver.kinds;

import java.util.List;

/** What those who report on objects must satisfy. */
final class StatusRules {
    private static final List<String> COUNTS = List.of(
            "replicas",
            "fullyLabeledReplicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas",
            "observedGeneration");
    private static final List<String> PARTS =
            List.of("fullyLabeledReplicas", "updatedReplicas", "readyReplicas", "availableReplicas");

    private StatusRules() {}

    /** Of a Deployment or ReplicaSet. */
    static void checkReplicas(Field before, Field after, Violations violations) {
        Field status = after.at("status");
        COUNTS.forEach(count -> violations.notNegative(status.at(count)));
        long all = status.at("replicas").number();
        for (String part : PARTS) {
            if (status.at(part).number() > all) {
                violations.invalid(status.at(part), "cannot be greater than status.replicas");
            }
        }
        Field available = status.at("availableReplicas");
        if (available.number() > status.at("readyReplicas").number()) {
            violations.invalid(available, "cannot be greater than readyReplicas");
        }
    }

    /** Of a HorizontalPodAutoscaler. */
    static void checkProposal(Field before, Field after, Violations violations) {
        violations.notNegative(after.at("status", "currentReplicas"));
        violations.notNegative(after.at("status", "desiredReplicas"));
    }

    static void checkNamespace(Field before, Field after, Violations violations) {
        boolean ending = after.at("metadata", "deletionTimestamp").isSet();
        String expected = ending ? "Terminating" : "Active";
        Field phase = after.at("status", "phase");
        if (!phase.text().equals(expected)) {
            // The capital letter is a real server's.
            violations.invalid(
                    new Field(phase.value(), "status.Phase"),
                    "may only be '" + expected + "' if `deletionTimestamp` is " + (ending ? "not empty" : "empty"));
        }
    }

    /** Of an Ingress or a Service. */
    static void checkBalancer(Field before, Field after, Violations violations) {
        for (Field point : after.at("status", "loadBalancer", "ingress").items()) {
            Field ip = point.at("ip");
            if (!ip.isZero()) {
                violations.invalid(ip, Names.ip(ip.text()));
            }
            Field host = point.at("hostname");
            if (!host.isZero()) {
                violations.invalid(host, Names.subdomain(host.text()));
                if (IpAddresses.isValid(host.text())) {
                    violations.invalid(host, "must be a DNS name, not an IP address");
                }
            }
        }
    }
}
