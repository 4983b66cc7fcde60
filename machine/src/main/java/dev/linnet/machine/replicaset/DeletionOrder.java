package dev.linnet.machine.replicaset;

import dev.linnet.machine.control.PodReadiness;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which Pods go first when there are too many: those whose loss is felt least. */
final class DeletionOrder {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private DeletionOrder() {}

    /**
     * @param pods    the active Pods of the ReplicaSet
     * @param related Pods of the same Deployment, of other versions too; where many share a node, one can go
     */
    static List<Pod> firstToGo(Collection<Pod> pods, Collection<Pod> related, int count) {
        Map<String, Long> perNode = related.stream()
                .filter(PodReadiness::isActive)
                .filter(pod -> isSet(pod.getSpec().getNodeName()))
                .collect(Collectors.groupingBy(pod -> pod.getSpec().getNodeName(), Collectors.counting()));
        return pods.stream().sorted(order(perNode)).limit(count).toList();
    }

    private static Comparator<Pod> order(Map<String, Long> perNode) {
        Comparator<Pod> mostCrowdedNode = Comparator.comparingLong((Pod pod) -> perNode.getOrDefault(node(pod), 0L))
                .reversed();
        Comparator<Pod> latestReady = Comparator.comparing((Pod pod) ->
                        PodReadiness.isReady(pod) ? PodReadiness.readySince(pod).toString() : "")
                .reversed();
        Comparator<Pod> mostRestarts =
                Comparator.comparingInt(DeletionOrder::restarts).reversed();
        Comparator<Pod> youngest = Comparator.comparing(
                        (Pod pod) -> orEmpty(pod.getMetadata().getCreationTimestamp()))
                .reversed();
        return Comparator.comparing((Pod pod) -> isSet(pod.getSpec().getNodeName()))
                .thenComparingInt(pod -> PHASES.indexOf(PodReadiness.phase(pod)))
                .thenComparing(PodReadiness::isReady)
                .thenComparingInt(DeletionOrder::cost)
                .thenComparing(mostCrowdedNode)
                .thenComparing(latestReady)
                .thenComparing(mostRestarts)
                .thenComparing(youngest)
                .thenComparing(pod -> orEmpty(pod.getMetadata().getUid()));
    }

    private static String node(Pod pod) {
        return orEmpty(pod.getSpec().getNodeName());
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static int cost(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        try {
            return annotations == null ? 0 : Integer.parseInt(annotations.getOrDefault(COST, "0"));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static int restarts(Pod pod) {
        return pod.getStatus() == null
                ? 0
                : pod.getStatus().getContainerStatuses().stream()
                        .mapToInt(ContainerStatus::getRestartCount)
                        .max()
                        .orElse(0);
    }
}
