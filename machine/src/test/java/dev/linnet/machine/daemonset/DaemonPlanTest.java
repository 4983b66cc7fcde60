package dev.linnet.machine.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DaemonPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final DaemonSet set = new DaemonSetBuilder()
            .withNewMetadata()
            .withName("agent")
            .withNamespace("test")
            .withGeneration(1L)
            .endMetadata()
            .withNewSpec()
            .withNewTemplate()
            .withNewSpec()
            .withNodeSelector(Map.of("disk", "ssd"))
            .addNewContainer()
            .withName("agent")
            .withImage("agent:1")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();

    @Test
    void putsOnePodOnEachNodeThatIsMeant() {
        List<Node> nodes = List.of(node("a", "ssd"), node("b", "ssd"), node("c", "hdd"));

        DaemonPlan plan = DaemonPlan.next(set, nodes, List.of(pod("a", "v1", true)), "v1", NOW);
        assertThat(plan.createOn()).containsExactly("b");
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.status().getDesiredNumberScheduled()).isEqualTo(2);
        assertThat(plan.status().getNumberAvailable()).isEqualTo(1);
        assertThat(plan.status().getNumberUnavailable()).isEqualTo(1);
    }

    @Test
    void takesPodsAwayThatAreOnTheWrongNodeOrHaveEnded() {
        Pod wrong = pod("c", "v1", true);
        Pod ended = new PodBuilder(pod("a", "v1", false))
                .editStatus()
                .withPhase("Failed")
                .endStatus()
                .build();

        DaemonPlan plan =
                DaemonPlan.next(set, List.of(node("a", "ssd"), node("c", "hdd")), List.of(wrong, ended), "v1", NOW);
        assertThat(plan.delete()).containsExactlyInAnyOrder(wrong, ended);
        assertThat(plan.status().getNumberMisscheduled()).isEqualTo(1);
    }

    @Test
    void leavesPodsOnATaintedNodeButAddsNone() {
        Node tainted = new NodeBuilder(node("a", "ssd"))
                .editSpec()
                .addToTaints(new Taint("NoSchedule", "team", null, "x"))
                .endSpec()
                .build();
        assertThat(DaemonPlan.next(set, List.of(tainted), List.of(), "v1", NOW).createOn())
                .isEmpty();
        assertThat(DaemonPlan.next(set, List.of(tainted), List.of(pod("a", "v1", true)), "v1", NOW)
                        .delete())
                .isEmpty();
    }

    @Test
    void runsOnCordonedNodesToo() {
        Node cordoned = new NodeBuilder(node("a", "ssd"))
                .editSpec()
                .withUnschedulable(true)
                .addToTaints(new Taint("NoSchedule", "node.kubernetes.io/unschedulable", null, null))
                .endSpec()
                .build();
        assertThat(DaemonPlan.next(set, List.of(cordoned), List.of(), "v1", NOW).createOn())
                .containsExactly("a");
    }

    @Test
    void replacesOldVersionsAFewAtATimeButUselessOnesAtOnce() {
        List<Node> nodes = List.of(node("a", "ssd"), node("b", "ssd"), node("c", "ssd"), node("d", "ssd"));
        List<Pod> old =
                List.of(pod("a", "v1", true), pod("b", "v1", true), pod("c", "v1", true), pod("d", "v1", false));

        assertThat(DaemonPlan.next(set, nodes, old, "v2", NOW).delete())
                .as("one may be missing, and one is")
                .containsExactly(old.get(3));

        DaemonSet faster = new DaemonSetBuilder(set)
                .editSpec()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString("50%"))
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
        assertThat(DaemonPlan.next(faster, nodes, old, "v2", NOW).delete())
                .hasSize(2)
                .contains(old.get(3));
    }

    private static Node node(String name, String disk) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("disk", disk))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    private static Pod pod(String node, String hash, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("agent-" + node)
                .withUid("agent-" + node)
                .withLabels(Map.of(DaemonPlan.HASH_LABEL, hash))
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }
}
