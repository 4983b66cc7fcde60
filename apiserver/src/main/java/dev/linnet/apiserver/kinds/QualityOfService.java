package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which Pods are ended first when memory runs out: {@code status.qosClass}. */
final class QualityOfService {
    private static final List<String> RESOURCES = List.of("cpu", "memory");

    private QualityOfService() {}

    /** Guaranteed if each container's requests equal its limits in both, BestEffort if none says anything. */
    static String of(ObjectNode podSpec) {
        List<ObjectNode> containers = new ArrayList<>(Json.objects(podSpec, "containers"));
        containers.addAll(Json.objects(podSpec, "initContainers"));
        if (containers.stream().noneMatch(QualityOfService::saysAnything)) {
            return "BestEffort";
        }
        return containers.stream().allMatch(QualityOfService::isGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static boolean saysAnything(ObjectNode container) {
        return RESOURCES.stream()
                .anyMatch(resource -> Json.isSet(container, "resources", "requests", resource)
                        || Json.isSet(container, "resources", "limits", resource));
    }

    private static boolean isGuaranteed(ObjectNode container) {
        Map<String, String> limits = Json.strings(container, "resources", "limits");
        Map<String, String> requests = Json.strings(container, "resources", "requests");
        return RESOURCES.stream()
                .allMatch(resource -> limits.containsKey(resource)
                        && limits.get(resource).equals(requests.getOrDefault(resource, limits.get(resource))));
    }
}
