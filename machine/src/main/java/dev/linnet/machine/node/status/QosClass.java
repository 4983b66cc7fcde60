package dev.linnet.machine.node.status;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a Pod's requests and limits class it. */
final class QosClass {

    private static final List<String> COUNTED = List.of("cpu", "memory");

    private QosClass() {}

    static String of(Pod pod) {
        List<ResourceRequirements> all = Stream.concat(
                        pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
                .map(Container::getResources)
                .map(resources -> Objects.requireNonNullElseGet(resources, ResourceRequirements::new))
                .toList();
        if (all.stream().allMatch(QosClass::asksForNothing)) {
            return "BestEffort";
        }
        return all.stream().allMatch(QosClass::isGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static boolean asksForNothing(ResourceRequirements resources) {
        return COUNTED.stream()
                .noneMatch(name -> entries(resources.getRequests()).containsKey(name)
                        || entries(resources.getLimits()).containsKey(name));
    }

    /** A limit without a request is its own request. */
    private static boolean isGuaranteed(ResourceRequirements resources) {
        return COUNTED.stream().allMatch(name -> {
            Quantity limit = entries(resources.getLimits()).get(name);
            Quantity request = entries(resources.getRequests()).get(name);
            return limit != null && (request == null || limit.compareTo(request) == 0);
        });
    }

    private static Map<String, Quantity> entries(@Nullable Map<String, Quantity> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }
}
