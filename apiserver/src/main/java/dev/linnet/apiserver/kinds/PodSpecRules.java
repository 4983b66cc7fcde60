package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a Pod's spec, alone or in a template, must satisfy. */
final class PodSpecRules {
    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> PREEMPTION_POLICIES = List.of("PreemptLowerPriority", "Never");
    private static final List<String> ONLY_RESTARTED =
            List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe");
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private PodSpecRules() {}

    static void check(Field spec, Violations violations) {
        VolumeRules.check(spec.at("volumes"), violations);
        Set<String> volumes = spec.at("volumes").items().stream()
                .map(volume -> volume.at("name").text())
                .collect(Collectors.toUnmodifiableSet());
        checkContainers(spec, volumes, violations);
        checkInitContainers(spec, volumes, violations);
        PodNetworkRules.checkHostNetwork(spec, violations);
        violations.oneOf(spec.at("restartPolicy"), RESTART_POLICIES);
        PodNetworkRules.checkDnsPolicy(spec, violations);
        MetadataRules.checkLabels(spec.at("nodeSelector"), violations);
        SecurityRules.checkPod(spec.at("securityContext"), violations);
        PlacementRules.checkAffinity(spec.at("affinity"), violations);
        PodNetworkRules.checkDns(spec, violations);
        PlacementRules.checkGates(spec, violations);
        PlacementRules.checkSpread(spec.at("topologySpreadConstraints"), violations);
        checkNames(spec, violations);
        PlacementRules.checkTolerations(spec.at("tolerations"), violations);
        PodNetworkRules.checkHostAliases(spec.at("hostAliases"), violations);
        checkClasses(spec, violations);
    }

    private static void checkContainers(Field spec, Set<String> volumes, Violations violations) {
        Field containers = spec.at("containers");
        if (containers.size() == 0) {
            violations.required(containers);
        }
        Field grace = spec.at("terminationGracePeriodSeconds");
        Set<Object> names = new HashSet<>();
        for (Field container : containers.items()) {
            ContainerRules.check(container, volumes, violations);
            violations.unique(container.at("name"), container.at("name").text(), names);
            ContainerRules.checkLifecycleAndProbes(container, grace, violations);
            if (container.at("restartPolicy").isSet()) {
                violations.forbidden(container.at("restartPolicy"), "may not be set for non-init containers");
            }
        }
        PodNetworkRules.checkHostPorts(containers.items(), violations);
    }

    private static void checkInitContainers(Field spec, Set<String> volumes, Violations violations) {
        Set<Object> names = new HashSet<>();
        for (Field container : spec.at("containers").items()) {
            names.add(container.at("name").text());
        }
        for (Field container : spec.at("initContainers").items()) {
            ContainerRules.check(container, volumes, violations);
            violations.noneOrOneOf(container.at("restartPolicy"), List.of("Always"));
            violations.unique(container.at("name"), container.at("name").text(), names);
            PodNetworkRules.checkHostPorts(List.of(container), violations);
            if (container.at("restartPolicy").text().equals("Always")) {
                ContainerRules.checkLifecycleAndProbes(container, spec.at("terminationGracePeriodSeconds"), violations);
            } else {
                checkRunsOnce(container, violations);
            }
        }
    }

    private static void checkRunsOnce(Field container, Violations violations) {
        for (String field : ONLY_RESTARTED) {
            if (container.at(field).isSet()) {
                violations.forbidden(
                        container.at(field), "may not be set for init containers without restartPolicy=Always");
            }
        }
    }

    private static void checkNames(Field spec, Violations violations) {
        for (String name : List.of("serviceAccountName", "nodeName")) {
            checkSubdomain(spec.at(name), violations);
        }
        Field deadline = spec.at("activeDeadlineSeconds");
        if (deadline.isSet()) {
            violations.between(deadline, 1, MAX_SECONDS);
        }
        for (String name : List.of("hostname", "subdomain")) {
            if (!spec.at(name).isZero()) {
                violations.invalid(spec.at(name), Names.label(spec.at(name).text()));
            }
        }
    }

    private static void checkSubdomain(Field name, Violations violations) {
        if (!name.isZero()) {
            violations.invalid(name, Names.subdomain(name.text()));
        }
    }

    private static void checkClasses(Field spec, Violations violations) {
        checkSubdomain(spec.at("priorityClassName"), violations);
        if (spec.at("runtimeClassName").isSet()) {
            violations.invalid(
                    spec.at("runtimeClassName"),
                    Names.subdomain(spec.at("runtimeClassName").text()));
        }
        violations.noneOrOneOf(spec.at("preemptionPolicy"), PREEMPTION_POLICIES);
    }

    /** A template for Pods that run until told otherwise: labels selected by their owner, restarted always. */
    static void checkTemplate(Field template, Field selector, String owner, Violations violations) {
        checkSelected(template, selector, violations);
        checkAnyTemplate(template, violations);
        checkRunsForever(template.at("spec"), owner, violations);
    }

    static void checkSelected(Field template, Field selector, Violations violations) {
        Field labels = template.at("metadata", "labels");
        boolean selects = selector.isSet() && LabelSelectors.matches(selector.value(), labels.strings());
        if (!selects) {
            violations.invalid(
                    labels,
                    labels.isSet() ? labels.value() : NullNode.getInstance(),
                    "`selector` does not match template `labels`");
        }
    }

    /** @param owner the kind that messages name */
    static void checkRunsForever(Field spec, String owner, Violations violations) {
        violations.oneOf(spec.at("restartPolicy"), List.of("Always"));
        if (spec.at("activeDeadlineSeconds").isSet()) {
            violations.forbidden(
                    spec.at("activeDeadlineSeconds"), "activeDeadlineSeconds in " + owner + " is not Supported");
        }
    }

    /** Any template: its labels, annotations and spec. */
    static void checkAnyTemplate(Field template, Violations violations) {
        checkTemplateMetadata(template, violations);
        check(template.at("spec"), violations);
        if (!template.at("spec", "ephemeralContainers").isZero()) {
            violations.forbidden(
                    template.at("spec", "ephemeralContainers"), "ephemeral containers not allowed in pod template");
        }
    }

    /** Messages leave {@code metadata} out of these paths, as on a real server. */
    static void checkTemplateMetadata(Field template, Violations violations) {
        for (String name : List.of("labels", "annotations")) {
            Field field = new Field(template.at("metadata", name).value(), template.path() + "." + name);
            if (name.equals("labels")) {
                MetadataRules.checkLabels(field, violations);
            } else {
                MetadataRules.checkAnnotations(field, violations);
            }
        }
    }
}
