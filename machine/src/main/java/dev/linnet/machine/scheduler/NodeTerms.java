package dev.linnet.machine.scheduler;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Which nodes a Pod asks for, by selector and affinity. */
public final class NodeTerms {

    private NodeTerms() {}

    /** Whether a Pod may be on this node. */
    public static boolean allow(Pod pod, Node node) {
        Map<String, String> selector = pod.getSpec().getNodeSelector();
        if (selector != null && !labels(node).entrySet().containsAll(selector.entrySet())) {
            return false;
        }
        Optional<NodeSelector> required =
                affinity(pod).map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution);
        return required.isEmpty()
                || required.get().getNodeSelectorTerms().stream().anyMatch(term -> matches(term, node));
    }

    /** How much a Pod would like to be on this node: the sum of the weights of its preferences that the node meets. */
    static long preference(Pod pod, Node node) {
        List<PreferredSchedulingTerm> preferred = affinity(pod)
                .map(NodeAffinity::getPreferredDuringSchedulingIgnoredDuringExecution)
                .orElse(List.of());
        return preferred.stream()
                .filter(term -> matches(term.getPreference(), node))
                .mapToLong(PreferredSchedulingTerm::getWeight)
                .sum();
    }

    private static Optional<NodeAffinity> affinity(Pod pod) {
        return Optional.ofNullable(pod.getSpec().getAffinity()).map(Affinity::getNodeAffinity);
    }

    /** A term without any requirement matches nothing. */
    private static boolean matches(NodeSelectorTerm term, Node node) {
        if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
            return false;
        }
        Map<String, String> fields = Map.of("metadata.name", node.getMetadata().getName());
        return term.getMatchExpressions().stream().allMatch(requirement -> holds(requirement, labels(node)))
                && term.getMatchFields().stream().allMatch(requirement -> holds(requirement, fields));
    }

    private static boolean holds(NodeSelectorRequirement requirement, Map<String, String> values) {
        String value = values.get(requirement.getKey());
        List<String> wanted = requirement.getValues();
        return switch (requirement.getOperator()) {
            case "In" -> value != null && wanted.contains(value);
            case "NotIn" -> value == null || !wanted.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compares(value, wanted, difference -> difference > 0);
            case "Lt" -> compares(value, wanted, difference -> difference < 0);
            default -> false;
        };
    }

    private static boolean compares(@Nullable String value, List<String> wanted, LongPredicate holds) {
        if (value == null || wanted.size() != 1) {
            return false;
        }
        try {
            return holds.test(Long.compare(Long.parseLong(value), Long.parseLong(wanted.getFirst())));
        } catch (NumberFormatException e) {
            // The API documents: what is no number matches nothing.
            return false;
        }
    }

    private static Map<String, String> labels(Node node) {
        return Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    }
}
