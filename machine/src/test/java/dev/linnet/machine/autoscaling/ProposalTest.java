package dev.linnet.machine.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProposalTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
    private static final String HALF =
            "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}";

    private final List<Pod> pods = new ArrayList<>();
    private final Map<String, Usage.OfPod> usage = new HashMap<>();

    @Test
    void asksForAsManyAsBringTheAverageToItsTarget() {
        working("a", "0.09");
        working("b", "0.11");

        Proposal.Replicas proposal = replicas(HALF);

        assertThat(proposal.count()).isEqualTo(4);
        assertThat(proposal.metric()).isEqualTo("cpu resource utilization (percentage of request)");
        assertThat(proposal.status().getResource().getCurrent().getAverageUtilization())
                .isEqualTo(100);
        assertThat(proposal.status().getResource().getCurrent().getAverageValue())
                .isEqualTo(new Quantity("100m"));
    }

    @Test
    void changesNothingForLittle() {
        working("a", "0.052");
        working("b", "0.052");

        assertThat(replicas(HALF).count()).isEqualTo(2);
    }

    @Test
    void comparesWithAnAmountToo() {
        working("a", "0.3");

        assertThat(replicas("{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 100m}}}")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void asksForNoMoreOnAccountOfPodsThatHaveNotBegunToWork() {
        working("a", "0.1");
        pods.add(pod("b", "Pending", "False"));

        // Two times the target for one Pod, but nobody knows what the other one will take.
        assertThat(replicas(HALF).count()).isEqualTo(2);
    }

    @Test
    void takesPodsThatNobodyMeasuresForBusyBeforeItAsksForFewer() {
        working("a", "0.01");
        pods.add(pod("b", "Running", "True"));

        assertThat(replicas(HALF).count()).isEqualTo(2);
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThat(Proposal.of(metric(HALF), evidence()))
                .isEqualTo(
                        new Proposal.Impossible(
                                "FailedGetResourceMetric",
                                "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API"));
        working("a", "1");
        pods.getFirst().getSpec().getContainers().getFirst().getResources().setRequests(Map.of());
        assertThat(Proposal.of(metric(HALF), evidence()))
                .isEqualTo(new Proposal.Impossible(
                        "FailedGetResourceMetric",
                        "failed to get cpu utilization: missing request for cpu in container app of Pod a"));
        assertThat(Proposal.of(metric("{type: External}"), evidence()))
                .isInstanceOfSatisfying(
                        Proposal.Impossible.class,
                        impossible -> assertThat(impossible.reason()).isEqualTo("FailedGetExternalMetric"));
    }

    private void working(String name, String cores) {
        pods.add(pod(name, "Running", "True"));
        usage.put(
                name,
                new Usage.OfPod(NOW, Duration.ofSeconds(15), Map.of("app", Map.of("cpu", new BigDecimal(cores)))));
    }

    private static Pod pod(String name, String phase, String ready) {
        return Serialization.unmarshal("""
                metadata: {name: %s}
                spec: {containers: [{name: app, resources: {requests: {cpu: 100m}}}]}
                status:
                  phase: %s
                  startTime: "2026-01-01T00:00:00Z"
                  conditions: [{type: Ready, status: "%s", lastTransitionTime: "2026-01-01T00:00:05Z"}]
                """.formatted(name, phase, ready), Pod.class);
    }

    private Proposal.Replicas replicas(String spec) {
        return (Proposal.Replicas) Proposal.of(metric(spec), evidence());
    }

    private Proposal.Evidence evidence() {
        return new Proposal.Evidence(Math.max(1, pods.size()), pods, new Usage.Known(usage), NOW);
    }

    private static MetricSpec metric(String spec) {
        // Else it would be read as JSON.
        return Serialization.unmarshal("---\n" + spec, MetricSpec.class);
    }
}
