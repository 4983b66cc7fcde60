package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.Table.Row;
import java.util.List;

/** What {@code kubectl get pods} shows. */
final class PodTable {
    private PodTable() {}

    static Table table() {
        return Table.named()
                .with(
                        "Ready",
                        "The aggregate readiness state of this pod for accepting traffic.",
                        row -> PodSummary.of(row.object()).ready())
                .with(
                        "Status",
                        "The aggregate status of the containers in this pod.",
                        row -> PodSummary.of(row.object()).status())
                .with(
                        "Restarts",
                        "The number of times the containers in this pod have been restarted and when the last container"
                                + " in this pod has restarted.",
                        PodTable::restarts)
                .age()
                .wide("IP", "podIP address allocated to the pod", row -> Table.orNone(row.text("status", "podIP")))
                .wide("Node", "The node that this pod runs on", row -> Table.orNone(row.text("spec", "nodeName")))
                .wide(
                        "Nominated Node",
                        "The node that is being freed for this pod",
                        row -> Table.orNone(row.text("status", "nominatedNodeName")))
                .wide("Readiness Gates", "Further conditions that make a pod ready", PodTable::readinessGates);
    }

    private static Object restarts(Row row) {
        PodSummary summary = PodSummary.of(row.object());
        if (summary.restarts() == 0 || summary.lastRestart().isEmpty()) {
            return Long.toString(summary.restarts());
        }
        return summary.restarts() + " (" + HumanDuration.since(summary.lastRestart(), row.now()) + " ago)";
    }

    private static Object readinessGates(Row row) {
        List<ObjectNode> gates = Json.objects(row.object(), "spec", "readinessGates");
        if (gates.isEmpty()) {
            return Table.NONE;
        }
        long met = gates.stream()
                .filter(gate -> Conditions.isTrue(row.object(), Json.text(gate, "conditionType")))
                .count();
        return met + "/" + gates.size();
    }
}
