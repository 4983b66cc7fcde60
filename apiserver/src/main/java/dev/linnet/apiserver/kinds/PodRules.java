package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a Pod must satisfy, and what of it may change: hardly anything. */
final class PodRules {
    private static final String MAY_CHANGE = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static final List<String> CONTAINER_LISTS = List.of("containers", "initContainers");

    private PodRules() {}

    static void check(Field pod, Violations violations) {
        Field spec = pod.at("spec");
        PodSpecRules.check(spec, violations);
        for (String list : CONTAINER_LISTS) {
            spec.at(list).items().forEach(container -> ContainerRules.checkImageOfPod(container, violations));
        }
    }

    static void checkCreate(Field pod, Violations violations) {
        Field spec = pod.at("spec");
        if (!spec.at("ephemeralContainers").isZero()) {
            violations.forbidden(spec.at("ephemeralContainers"), "cannot be set on create");
        }
        if (!spec.at("nodeName").isZero() && !spec.at("schedulingGates").isZero()) {
            violations.forbidden(spec.at("nodeName"), "cannot be set until all schedulingGates have been cleared");
        }
    }

    static void checkUpdate(Field before, Field after, Violations violations) {
        Field oldSpec = before.at("spec");
        Field newSpec = after.at("spec");
        for (String list : CONTAINER_LISTS) {
            if (oldSpec.at(list).size() != newSpec.at(list).size()) {
                violations.forbidden(newSpec.at(list), "pod updates may not add or remove containers");
                return;
            }
        }
        checkDeadline(oldSpec.at("activeDeadlineSeconds"), newSpec.at("activeDeadlineSeconds"), violations);
        checkTolerations(oldSpec.at("tolerations"), newSpec.at("tolerations"), violations);
        checkGates(oldSpec.at("schedulingGates"), newSpec.at("schedulingGates"), violations);
        if (!Json.same(fixed(oldSpec, newSpec), fixed(newSpec, newSpec))) {
            violations.forbidden(newSpec, MAY_CHANGE);
        }
    }

    private static void checkGates(Field before, Field after, Violations violations) {
        List<String> gates =
                before.items().stream().map(gate -> gate.at("name").text()).toList();
        for (Field gate : after.items()) {
            if (!gates.contains(gate.at("name").text())) {
                violations.forbidden(
                        gate.at("name"),
                        "only deletion is allowed, but found new scheduling gate '"
                                + gate.at("name").text() + "'");
            }
        }
    }

    private static void checkDeadline(Field before, Field after, Violations violations) {
        if (!before.isSet()) {
            return;
        }
        if (!after.isSet()) {
            violations.invalid(after, "must not update from a positive integer to nil value");
        } else if (after.number() > before.number()) {
            violations.invalid(after, "must be less than or equal to previous value");
        }
    }

    private static void checkTolerations(Field before, Field after, Violations violations) {
        List<Field> kept = after.items();
        for (Field toleration : before.items()) {
            boolean found =
                    kept.stream().anyMatch(other -> Json.same(withoutSeconds(toleration), withoutSeconds(other)));
            if (!found) {
                violations.forbidden(after, "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static ObjectNode withoutSeconds(Field toleration) {
        ObjectNode copy = toleration.value() instanceof ObjectNode object ? object.deepCopy() : Json.newObject();
        copy.remove("tolerationSeconds");
        return copy;
    }

    /** The spec without what may change, so that the rest can be compared. */
    private static ObjectNode fixed(Field spec, Field newSpec) {
        ObjectNode copy = spec.value() instanceof ObjectNode object ? object.deepCopy() : Json.newObject();
        copy.remove(List.of("activeDeadlineSeconds", "tolerations", "schedulingGates"));
        for (String list : CONTAINER_LISTS) {
            Json.objects(copy, list).forEach(container -> container.remove("image"));
        }
        boolean graceMayEnd = Json.number(spec.value(), "terminationGracePeriodSeconds") < 0
                && newSpec.at("terminationGracePeriodSeconds").number() == 1;
        if (graceMayEnd) {
            copy.put("terminationGracePeriodSeconds", 1);
        }
        return copy;
    }
}
