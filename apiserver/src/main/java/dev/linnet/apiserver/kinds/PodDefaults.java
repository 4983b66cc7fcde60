package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Fills what a Pod or Pod template leaves out. */
final class PodDefaults {
    private static final int GRACE_SECONDS = 30;
    private static final List<String> CONTAINER_LISTS = List.of("initContainers", "containers", "ephemeralContainers");

    private PodDefaults() {}

    /** For the Pod itself. What is beyond the template's defaults depends on nothing but the Pod. */
    static void applyToPod(ObjectNode pod) {
        ObjectNode spec = Json.object(pod, "spec");
        applyToSpec(spec);
        Json.putDefault(spec, "enableServiceLinks", true);
        Json.putDefault(spec, "serviceAccountName", "default");
        Json.putDefault(spec, "serviceAccount", Json.text(spec, "serviceAccountName"));
        for (String list : CONTAINER_LISTS) {
            Json.objects(spec, list).forEach(PodDefaults::requestWhatIsLimited);
        }
        ObjectNode status = Json.object(pod, "status");
        Json.putDefault(status, "phase", "Pending");
        Json.putDefault(status, "qosClass", QualityOfService.of(spec));
    }

    private static void requestWhatIsLimited(ObjectNode container) {
        Map<String, String> limits = Json.strings(container, "resources", "limits");
        if (!limits.isEmpty()) {
            ObjectNode requests = Json.object(container, "resources", "requests");
            limits.forEach((resource, limit) -> Json.putDefault(requests, resource, limit));
        }
    }

    /** For {@code template} of a Deployment and its like; makes the template's spec where there is none. */
    static void applyToTemplate(ObjectNode parentSpec) {
        applyToSpec(Json.object(parentSpec, "template", "spec"));
    }

    static void applyToSpec(ObjectNode spec) {
        Json.putDefault(spec, "restartPolicy", "Always");
        Json.putDefault(spec, "dnsPolicy", "ClusterFirst");
        Json.putDefault(spec, "terminationGracePeriodSeconds", GRACE_SECONDS);
        Json.putDefault(spec, "schedulerName", "default-scheduler");
        Json.putDefault(spec, "securityContext", Json.newObject());
        mirrorServiceAccount(spec);
        boolean hostNetwork = Json.isTrue(spec, "hostNetwork");
        for (String list : CONTAINER_LISTS) {
            for (ObjectNode container : Json.objects(spec, list)) {
                ContainerDefaults.apply(container, hostNetwork);
            }
        }
        Json.objects(spec, "volumes").forEach(VolumeDefaults::apply);
        Quantities.canonicaliseMap(spec, "overhead");
    }

    /** {@code serviceAccount} is the old name of the field; clients see both. */
    private static void mirrorServiceAccount(ObjectNode spec) {
        String name = Json.textOr(Json.text(spec, "serviceAccount"), spec, "serviceAccountName");
        if (!name.isEmpty()) {
            spec.put("serviceAccountName", name);
            spec.put("serviceAccount", name);
        }
    }
}
