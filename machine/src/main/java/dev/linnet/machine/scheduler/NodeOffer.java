package dev.linnet.machine.scheduler;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What of a node decides which Pods it can take. Heartbeats change nothing of it. */
record NodeOffer(
        Map<String, String> labels,
        List<Taint> taints,
        boolean unschedulable,
        Resources size,
        List<String> conditions) {

    static NodeOffer of(Node node) {
        Optional<NodeSpec> spec = Optional.ofNullable(node.getSpec());
        return new NodeOffer(
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()),
                spec.map(NodeSpec::getTaints).orElse(List.of()),
                spec.map(NodeSpec::getUnschedulable).orElse(false),
                Resources.of(node.getStatus() == null ? null : node.getStatus().getAllocatable()),
                node.getStatus() == null
                        ? List.of()
                        : node.getStatus().getConditions().stream()
                                .map(condition -> condition.getType() + "=" + condition.getStatus())
                                .toList());
    }
}
