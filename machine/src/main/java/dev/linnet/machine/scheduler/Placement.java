package dev.linnet.machine.scheduler;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides where one Pod goes. Pure. */
final class Placement {

    /**
     * A node and what is on it.
     *
     * @param pods that are bound to it and have not ended
     */
    record Candidate(Node node, List<Pod> pods) {
        Candidate {
            pods = List.copyOf(pods);
        }

        private Resources free() {
            Resources used = pods.stream().map(Resources::requestedBy).reduce(Resources.NONE, Resources::plus);
            return Resources.of(
                            node.getStatus() == null ? null : node.getStatus().getAllocatable())
                    .minus(used);
        }

        private long siblingsOf(Pod pod) {
            return pods.stream().filter(other -> isSibling(pod, other)).count();
        }
    }

    /** What comes of it. */
    sealed interface Decision {}

    record Bind(String node) implements Decision {}

    /** @param message in the scheduler's words */
    record Unschedulable(String message) implements Decision {}

    private Placement() {}

    static Decision decide(Pod pod, List<Candidate> candidates) {
        if (candidates.isEmpty()) {
            return new Unschedulable("no nodes available to schedule pods");
        }
        List<Candidate> fitting = new ArrayList<>();
        int full = 0;
        Map<String, Integer> obstacles = new TreeMap<>();
        for (Candidate candidate : candidates) {
            List<String> ofThis = obstacles(pod, candidate);
            if (ofThis.isEmpty()) {
                fitting.add(candidate);
            } else if (isOnlyFull(pod, candidate)) {
                full++;
            }
            ofThis.forEach(obstacle -> obstacles.merge(obstacle, 1, Integer::sum));
        }
        return fitting.stream()
                .min(preference(pod))
                .<Decision>map(best -> new Bind(best.node().getMetadata().getName()))
                .orElse(new Unschedulable(message(candidates.size(), full, obstacles)));
    }

    /** The first kind of obstacle counts, as in the scheduler, which asks no further filter then. */
    private static List<String> obstacles(Pod pod, Candidate candidate) {
        Node node = candidate.node();
        if (node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
            return List.of("node(s) were unschedulable");
        }
        if (!isReady(node)) {
            return List.of("node(s) had untolerated taint {node.kubernetes.io/not-ready: }");
        }
        var taint = Taints.forbidding(pod, node);
        if (taint.isPresent()) {
            return List.of("node(s) had untolerated taint " + Taints.print(taint.get()));
        }
        if (!NodeTerms.allow(pod, node)) {
            return List.of("node(s) didn't match Pod's node affinity/selector");
        }
        return Resources.requestedBy(pod).obstacles(candidate.free());
    }

    /** Whether nothing but other Pods is in the way: the scheduler would look whom it may push aside, and finds nobody here. */
    private static boolean isOnlyFull(Pod pod, Candidate candidate) {
        return obstacles(pod, new Candidate(candidate.node(), List.of())).isEmpty();
    }

    private static boolean isReady(Node node) {
        List<NodeCondition> conditions =
                node.getStatus() == null ? List.of() : node.getStatus().getConditions();
        return conditions.stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    /** What the Pod prefers, then away from its like, then where least is; the name makes it repeatable. */
    private static Comparator<Candidate> preference(Pod pod) {
        return Comparator.<Candidate>comparingLong(candidate -> -NodeTerms.preference(pod, candidate.node()))
                .thenComparingLong(candidate -> Taints.discouraging(pod, candidate.node()))
                .thenComparingLong(candidate -> candidate.siblingsOf(pod))
                .thenComparingInt(candidate -> candidate.pods().size())
                .thenComparing(candidate -> candidate.node().getMetadata().getName());
    }

    private static boolean isSibling(Pod pod, Pod other) {
        return pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> other.getMetadata().getOwnerReferences().stream()
                        .anyMatch(theirs -> theirs.getUid().equals(owner.getUid())));
    }

    private static String message(int nodes, int full, Map<String, Integer> obstacles) {
        String why = obstacles.entrySet().stream()
                .map(obstacle -> obstacle.getValue() + " " + obstacle.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        String preemption = Stream.of(
                        full == 0 ? "" : full + " No preemption victims found for incoming pod",
                        full == nodes ? "" : nodes - full + " Preemption is not helpful for scheduling")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return "0/%d nodes are available: %s. preemption: 0/%d nodes are available: %s."
                .formatted(nodes, why, nodes, preemption);
    }
}
