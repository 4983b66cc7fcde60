package dev.linnet.apiserver.kinds;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a container must satisfy, whichever list it is in. */
final class ContainerRules {
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGE_POLICIES = List.of("FallbackToLogsOnError", "File");
    private static final Set<String> STANDARD_RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

    private ContainerRules() {}

    /** @param volumes names of the volumes that may be mounted */
    static void check(Field container, Set<String> volumes, Violations violations) {
        Field name = container.at("name");
        if (name.isZero()) {
            violations.required(name);
        } else {
            violations.invalid(name, Names.label(name.text()));
        }
        Field image = container.at("image");
        if (image.isZero()) {
            violations.required(image);
        } else if (!image.text().strip().equals(image.text())) {
            violations.invalid(image, "must not have leading or trailing whitespace");
        }
        violations.noneOrOneOf(container.at("terminationMessagePolicy"), MESSAGE_POLICIES);
        checkPorts(container.at("ports"), violations);
        EnvironmentRules.check(container, violations);
        VolumeRules.checkMounts(container.at("volumeMounts"), volumes, violations);
        violations.noneOrOneOf(container.at("imagePullPolicy"), PULL_POLICIES);
        checkResources(container.at("resources"), violations);
    }

    private static void checkPorts(Field ports, Violations violations) {
        Set<Object> names = new HashSet<>();
        for (Field port : ports.items()) {
            Field name = port.at("name");
            if (!name.isZero()) {
                List<String> wrong = Names.portName(name.text());
                violations.invalid(name, wrong);
                if (wrong.isEmpty()) {
                    violations.unique(name, name.text(), names);
                }
            }
            Field number = port.at("containerPort");
            if (number.isZero()) {
                violations.required(number);
            } else {
                violations.invalid(number, Names.portNumber(number.number()));
            }
            if (!port.at("hostPort").isZero()) {
                violations.invalid(
                        port.at("hostPort"),
                        Names.portNumber(port.at("hostPort").number()));
            }
            violations.oneOf(port.at("protocol"), PROTOCOLS);
        }
    }

    static void checkLifecycleAndProbes(Field container, Violations violations) {
        for (String hook : List.of("postStart", "preStop")) {
            if (container.at("lifecycle", hook).isSet()) {
                ProbeRules.checkHandler(container.at("lifecycle", hook), violations);
            }
        }
        ProbeRules.check(container.at("livenessProbe"), violations);
        ProbeRules.checkSuccessThreshold(container.at("livenessProbe"), violations);
        ProbeRules.check(container.at("readinessProbe"), violations);
        Field grace = container.at("readinessProbe", "terminationGracePeriodSeconds");
        if (grace.isSet()) {
            violations.invalid(grace, "must not be set for readinessProbes");
        }
        ProbeRules.check(container.at("startupProbe"), violations);
        ProbeRules.checkSuccessThreshold(container.at("startupProbe"), violations);
    }

    private static void checkResources(Field resources, Violations violations) {
        Field limits = resources.at("limits");
        for (String resource : limits.strings().keySet()) {
            checkResource(limits.key(resource), resource, violations);
        }
        Field requests = resources.at("requests");
        for (String resource : requests.strings().keySet()) {
            Optional<Quantity> request = checkResource(requests.key(resource), resource, violations);
            Optional<Quantity> limit = Quantity.parse(limits.key(resource).text());
            if (request.isPresent() && limit.isPresent() && request.get().compareTo(limit.get()) > 0) {
                violations.invalid(
                        requests,
                        request.get().canonical(),
                        "must be less than or equal to " + resource + " limit of "
                                + limit.get().canonical());
            }
        }
    }

    private static Optional<Quantity> checkResource(Field amount, String resource, Violations violations) {
        for (String wrong : Names.qualifiedName(resource)) {
            violations.invalid(amount, resource, wrong);
        }
        boolean standard = STANDARD_RESOURCES.contains(resource) || resource.startsWith("hugepages-");
        if (!resource.contains("/") && !standard) {
            violations.invalid(amount, resource, "must be a standard resource for containers");
        }
        return Quantities.check(amount, violations);
    }
}
