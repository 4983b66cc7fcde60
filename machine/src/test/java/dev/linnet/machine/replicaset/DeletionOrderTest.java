package dev.linnet.machine.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeletionOrderTest {

    @Test
    void thoseWhoServeNobodyGoFirstAndTheLongestServingLast() {
        Pod unscheduled = new PodBuilder(pod("unscheduled", false, "10:00:00"))
                .editSpec()
                .withNodeName(null)
                .endSpec()
                .build();
        Pod pending = new PodBuilder(pod("pending", false, "10:00:00"))
                .editStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
        Pod unready = pod("unready", false, "10:00:00");
        Pod cheap = new PodBuilder(pod("cheap", true, "10:00:00"))
                .editMetadata()
                .withAnnotations(Map.of("controller.kubernetes.io/pod-deletion-cost", "-5"))
                .endMetadata()
                .build();
        Pod young = pod("young", true, "11:00:00");
        Pod old = pod("old", true, "09:00:00");
        List<Pod> all = List.of(old, cheap, young, unready, pending, unscheduled);

        assertThat(DeletionOrder.firstToGo(all, all, 6))
                .extracting(each -> each.getMetadata().getName())
                .containsExactly("unscheduled", "pending", "unready", "cheap", "young", "old");
        assertThat(DeletionOrder.firstToGo(all, all, 1)).containsExactly(unscheduled);
    }

    @Test
    void takesFromTheNodeThatHasMostOfTheSameDeployment() {
        Pod alone = pod("alone", true, "10:00:00");
        Pod crowded = onNode(pod("crowded", true, "10:00:00"), "node-2");
        Pod neighbour = onNode(pod("neighbour", true, "10:00:00"), "node-2");

        assertThat(DeletionOrder.firstToGo(List.of(alone, crowded), List.of(alone, crowded, neighbour), 1))
                .containsExactly(crowded);
    }

    private static Pod onNode(Pod pod, String node) {
        return new PodBuilder(pod).editSpec().withNodeName(node).endSpec().build();
    }

    private static Pod pod(String name, boolean ready, String since) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid(name)
                .withCreationTimestamp("2026-01-01T08:00:00Z")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .withLastTransitionTime("2026-01-01T" + since + "Z")
                .endCondition()
                .endStatus()
                .build();
    }
}
