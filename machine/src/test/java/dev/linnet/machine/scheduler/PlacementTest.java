package dev.linnet.machine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.scheduler.Placement.Bind;
import dev.linnet.machine.scheduler.Placement.Candidate;
import dev.linnet.machine.scheduler.Placement.Unschedulable;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

    private final Node one = node("node-1", "{disk: fast, size: '8'}", "{}");
    private final Node two = node("node-2", "{disk: slow}", "{}");
    private final Node three = node("node-3", "{}", "{taints: [{key: gpu, value: a, effect: NoSchedule}]}");

    @Test
    void goesWhereTheFewestPodsAre() {
        Pod pod = pod("{}");

        assertThat(decide(pod, with(one, pod("{}")), with(two), with(three))).isEqualTo(new Bind("node-2"));
        assertThat(decide(pod, with(one), with(two))).isEqualTo(new Bind("node-1"));
    }

    @Test
    void keepsAwayFromPodsOfTheSameOwner() {
        Pod sibling = owned("rs-1");
        Pod stranger = owned("rs-2");

        assertThat(decide(owned("rs-1"), with(one, sibling), with(two, stranger, stranger)))
                .isEqualTo(new Bind("node-2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodeSelector: {disk: slow}                                                                             | node-2
            affinity: {nodeAffinity: {required: [{key: disk, operator: In, values: [slow]}]}}                      | node-2
            affinity: {nodeAffinity: {required: [{key: disk, operator: NotIn, values: [fast]}]}}                   | node-2
            affinity: {nodeAffinity: {required: [{key: size, operator: Gt, values: ['7']}]}}                       | node-1
            affinity: {nodeAffinity: {required: [{key: size, operator: DoesNotExist}]}}                            | node-2
            affinity: {nodeAffinity: {preferred: [{key: disk, operator: In, values: [slow]}]}}                     | node-2
            affinity: {nodeAffinity: {preferred: [{key: disk, operator: In, values: [none]}]}}                     | node-1
            nodeSelector: {gpu: 'yes'}, tolerations: [{key: gpu, operator: Exists}]                                | -
            tolerations: [{operator: Exists}], affinity: {nodeAffinity: {required: [{key: disk, operator: DoesNotExist}]}} | node-3
            """)
    void goesWhereThePodWantsToBe(String spec, String node) {
        Placement.Decision decision = decide(pod("{" + spelledOut(spec) + "}"), with(one), with(two), with(three));

        if (node.equals("-")) {
            assertThat(decision).isInstanceOf(Unschedulable.class);
        } else {
            assertThat(decision).isEqualTo(new Bind(node));
        }
    }

    @Test
    void saysForEachKindOfObstacleHowManyNodesHaveIt() {
        Node closed = node("node-4", "{}", "{unschedulable: true}");

        assertThat(decide(pod("{nodeSelector: {disk: none}}"), with(one), with(two), with(three), with(closed)))
                .isEqualTo(
                        new Unschedulable("0/4 nodes are available: 1 node(s) had untolerated taint {gpu: a}, 1 node(s)"
                                + " were unschedulable, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/4 nodes"
                                + " are available: 4 Preemption is not helpful for scheduling."));
        assertThat(decide(pod("{}"))).isEqualTo(new Unschedulable("no nodes available to schedule pods"));
    }

    @Test
    void fillsANodeOnlyAsFarAsItsResourcesGo() {
        Pod greedy = pod("{containers: [{name: a, resources: {requests: {cpu: '20', memory: 1Gi}}}]}");

        assertThat(decide(greedy, with(one, greedy), with(two))).isEqualTo(new Bind("node-2"));
        assertThat(decide(greedy, with(one, greedy), with(two, greedy)))
                .isEqualTo(new Unschedulable("0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are"
                        + " available: 2 No preemption victims found for incoming pod."));
    }

    @Test
    void countsPodsAsAResourceToo() {
        Pod[] full = Stream.generate(() -> pod("{}")).limit(1_000).toArray(Pod[]::new);

        assertThat(decide(pod("{}"), with(one, full)))
                .isEqualTo(new Unschedulable("0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are"
                        + " available: 1 No preemption victims found for incoming pod."));
    }

    @Test
    void needsAsMuchAsTheGreediestInitContainer() {
        Pod pod = pod("""
                {initContainers: [{name: i, resources: {requests: {cpu: '3'}}}],
                 containers: [{name: a, resources: {requests: {cpu: '1'}}}, {name: b, resources: {requests: {cpu: '1'}}}]}
                """);

        assertThat(Resources.requestedBy(pod).amounts().get("cpu")).isEqualByComparingTo("3");
    }

    private static Placement.Decision decide(Pod pod, Candidate... candidates) {
        return Placement.decide(pod, List.of(candidates));
    }

    private static Candidate with(Node node, Pod... pods) {
        return new Candidate(node, List.of(pods));
    }

    /** The tests' short form of affinity. */
    private static String spelledOut(String spec) {
        return spec.replace(
                        "{required: [{",
                        "{requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{")
                .replace(
                        "{preferred: [{",
                        "{preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{")
                .replace("}]}}", spec.contains("required") ? "}]}]}}}" : "}]}}]}}");
    }

    private static Pod pod(String spec) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: test}\nspec: " + spec, Pod.class);
    }

    private static Pod owned(String owner) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, ownerReferences: [{uid: %s, name: x, kind: ReplicaSet, apiVersion: apps/v1}]}
                spec: {}
                """.formatted(owner), Pod.class);
    }

    private static Node node(String name, String labels, String spec) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: %s, labels: %s}
                spec: %s
                status:
                  allocatable: {cpu: 32, memory: 64Gi, pods: 1000}
                  conditions: [{type: Ready, status: "True"}]
                """.formatted(name, labels, spec), Node.class);
    }
}
