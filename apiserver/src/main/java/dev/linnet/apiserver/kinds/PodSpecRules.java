package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a Pod's spec, alone or in a template, must satisfy. */
final class PodSpecRules {
    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS_POLICIES =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private PodSpecRules() {}

    static void check(Field spec, Violations violations) {
        VolumeRules.check(spec.at("volumes"), violations);
        Set<String> volumes = spec.at("volumes").items().stream()
                .map(volume -> volume.at("name").text())
                .collect(Collectors.toUnmodifiableSet());
        checkContainers(spec.at("containers"), volumes, violations);
        checkInitContainers(spec, volumes, violations);
        violations.oneOf(spec.at("restartPolicy"), RESTART_POLICIES);
        violations.oneOf(spec.at("dnsPolicy"), DNS_POLICIES);
        MetadataRules.checkLabels(spec.at("nodeSelector"), violations);
        for (Field secret : spec.at("imagePullSecrets").items()) {
            if (secret.at("name").isZero()) {
                violations.required(secret.at("name"));
            }
        }
        checkNames(spec, violations);
        checkDeadlines(spec, violations);
    }

    private static void checkContainers(Field containers, Set<String> volumes, Violations violations) {
        if (containers.size() == 0) {
            violations.required(containers);
        }
        Set<Object> names = new HashSet<>();
        for (Field container : containers.items()) {
            ContainerRules.check(container, volumes, violations);
            violations.unique(container.at("name"), container.at("name").text(), names);
            ContainerRules.checkLifecycleAndProbes(container, violations);
            if (container.at("restartPolicy").isSet()) {
                violations.forbidden(container.at("restartPolicy"), "may not be set for non-init containers");
            }
        }
    }

    private static void checkInitContainers(Field spec, Set<String> volumes, Violations violations) {
        Set<Object> names = new HashSet<>();
        for (Field container : spec.at("containers").items()) {
            names.add(container.at("name").text());
        }
        for (Field container : spec.at("initContainers").items()) {
            ContainerRules.check(container, volumes, violations);
            violations.unique(container.at("name"), container.at("name").text(), names);
            boolean sidecar = container.at("restartPolicy").text().equals("Always");
            if (sidecar) {
                ContainerRules.checkLifecycleAndProbes(container, violations);
                continue;
            }
            for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
                if (container.at(field).isSet()) {
                    violations.forbidden(
                            container.at(field), "may not be set for init containers without restartPolicy=Always");
                }
            }
            violations.noneOrOneOf(container.at("restartPolicy"), List.of("Always"));
        }
    }

    private static void checkNames(Field spec, Violations violations) {
        for (String name : List.of("serviceAccountName", "nodeName", "priorityClassName")) {
            if (!spec.at(name).isZero()) {
                violations.invalid(spec.at(name), Names.subdomain(spec.at(name).text()));
            }
        }
        for (String name : List.of("hostname", "subdomain")) {
            if (!spec.at(name).isZero()) {
                violations.invalid(spec.at(name), Names.label(spec.at(name).text()));
            }
        }
    }

    private static void checkDeadlines(Field spec, Violations violations) {
        Field deadline = spec.at("activeDeadlineSeconds");
        if (deadline.isSet() && (deadline.number() < 1 || deadline.number() > MAX_SECONDS)) {
            violations.invalid(deadline, "must be between 1 and " + MAX_SECONDS + ", inclusive");
        }
    }

    /** A template for Pods that run until told otherwise: labels selected by their owner, restarted always. */
    static void checkTemplate(Field template, Field selector, Violations violations) {
        checkSelected(template, selector, violations);
        checkAnyTemplate(template, violations);
        checkRunsForever(template.at("spec"), violations);
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

    static void checkRunsForever(Field spec, Violations violations) {
        violations.oneOf(spec.at("restartPolicy"), List.of("Always"));
        if (spec.at("activeDeadlineSeconds").isSet()) {
            violations.forbidden(
                    spec.at("activeDeadlineSeconds"), "activeDeadlineSeconds in ReplicaSet is not Supported");
        }
    }

    /** Any template: its labels, annotations and spec. */
    static void checkAnyTemplate(Field template, Violations violations) {
        MetadataRules.checkLabels(template.at("metadata", "labels"), violations);
        MetadataRules.checkAnnotations(template.at("metadata", "annotations"), violations);
        check(template.at("spec"), violations);
        if (!template.at("spec", "ephemeralContainers").isZero()) {
            violations.forbidden(
                    template.at("spec", "ephemeralContainers"), "ephemeral containers not allowed in pod template");
        }
    }
}
