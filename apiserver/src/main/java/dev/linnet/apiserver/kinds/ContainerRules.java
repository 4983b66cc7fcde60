package dev.linnet.apiserver.kinds;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a container must satisfy, whichever list it is in. */
final class ContainerRules {
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGE_POLICIES = List.of("File", "FallbackToLogsOnError");

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
        }
        violations.noneOrOneOf(container.at("terminationMessagePolicy"), MESSAGE_POLICIES);
        checkPorts(container.at("ports"), violations);
        EnvironmentRules.check(container, violations);
        VolumeRules.checkMounts(container.at("volumeMounts"), volumes, violations);
        violations.noneOrOneOf(container.at("imagePullPolicy"), PULL_POLICIES);
        ResourceRules.check(container.at("resources"), violations);
        SecurityRules.checkContainer(container.at("securityContext"), violations);
    }

    /** Templates may have it otherwise; a Pod would find no such image. */
    static void checkImageOfPod(Field container, Violations violations) {
        Field image = container.at("image");
        if (!image.text().strip().equals(image.text())) {
            violations.invalid(image, "must not have leading or trailing whitespace");
        }
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

    /** @param grace for how long the Pod may take to end */
    static void checkLifecycleAndProbes(Field container, Field grace, Violations violations) {
        for (String name : List.of("postStart", "preStop")) {
            Field hook = container.at("lifecycle", name);
            if (hook.isSet()) {
                ProbeRules.checkHandler(hook, violations);
                ProbeRules.checkSleep(hook, grace, violations);
            }
        }
        ProbeRules.check(container.at("livenessProbe"), violations);
        ProbeRules.checkSuccessThreshold(container.at("livenessProbe"), violations);
        ProbeRules.check(container.at("readinessProbe"), violations);
        Field unused = container.at("readinessProbe", "terminationGracePeriodSeconds");
        if (unused.isSet()) {
            violations.invalid(unused, "must not be set for readinessProbes");
        }
        ProbeRules.check(container.at("startupProbe"), violations);
        ProbeRules.checkSuccessThreshold(container.at("startupProbe"), violations);
    }
}
