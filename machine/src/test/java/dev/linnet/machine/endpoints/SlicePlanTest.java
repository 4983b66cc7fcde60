package dev.linnet.machine.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
    private final Service service = new ServiceBuilder()
            .withNewMetadata()
            .withName("web")
            .withNamespace("test")
            .withUid("service-uid")
            .withLabels(Map.of("team", "a"))
            .endMetadata()
            .withNewSpec()
            .withClusterIP("127.1.2.3")
            .withSelector(Map.of("app", "web"))
            .addNewPort()
            .withName("http")
            .withPort(80)
            .withTargetPort(new IntOrString("web"))
            .endPort()
            .endSpec()
            .build();

    @Test
    void tellsWhereEachPodIsAndHow() {
        EndpointSlice slice =
                only(SlicePlan.next(service, List.of(pod(1, true)), List.of()).create());

        assertThat(slice.getMetadata().getName()).matches("web-[a-z0-9]{5}");
        assertThat(slice.getMetadata().getLabels())
                .containsEntry("kubernetes.io/service-name", "web")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .containsEntry("team", "a");
        assertThat(slice.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("service-uid");
        assertThat(slice.getPorts().getFirst().getPort()).isEqualTo(8080);
        assertThat(slice.getPorts().getFirst().getName()).isEqualTo("http");
        Endpoint endpoint = only(slice.getEndpoints());
        assertThat(endpoint.getAddresses()).containsExactly("127.7.0.1");
        assertThat(endpoint.getNodeName()).isEqualTo("node-1");
        assertThat(endpoint.getTargetRef().getName()).isEqualTo("web-001");
        assertThat(endpoint.getConditions().getReady()).isTrue();
        assertThat(endpoint.getConditions().getTerminating()).isFalse();
    }

    @Test
    void aPodThatIsToldToEndTakesNoMoreRequestsThoughItStillServes() {
        Pod ending = new PodBuilder(pod(1, true))
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();

        Endpoint endpoint =
                only(only(SlicePlan.next(service, List.of(ending), List.of()).create())
                        .getEndpoints());
        assertThat(endpoint.getConditions().getReady()).isFalse();
        assertThat(endpoint.getConditions().getServing()).isTrue();
        assertThat(endpoint.getConditions().getTerminating()).isTrue();
    }

    @Test
    void changesNothingWhenNothingChanged() {
        List<EndpointSlice> slices =
                SlicePlan.next(service, pods(250), List.of()).create();
        assertThat(slices).extracting(slice -> slice.getEndpoints().size()).containsExactly(100, 100, 50);

        SlicePlan again = SlicePlan.next(service, pods(250).reversed(), slices);
        assertThat(again.create()).isEmpty();
        assertThat(again.update()).isEmpty();
        assertThat(again.delete()).isEmpty();
    }

    @Test
    void touchesOnlyTheSliceOfThePodThatChanged() {
        List<EndpointSlice> slices =
                SlicePlan.next(service, pods(250), List.of()).create();
        List<Pod> pods = new ArrayList<>(pods(251));
        pods.set(150, pod(151, false));

        SlicePlan plan = SlicePlan.next(service, pods, slices);
        assertThat(plan.create()).isEmpty();
        assertThat(plan.update()).hasSize(2);
        assertThat(plan.update().getFirst().getMetadata().getName())
                .isEqualTo(slices.get(1).getMetadata().getName());
        assertThat(plan.update().get(1).getEndpoints()).hasSize(51);
    }

    @Test
    void keepsOneEmptySliceForAServiceWithoutPods() {
        List<EndpointSlice> slices =
                SlicePlan.next(service, pods(150), List.of()).create();

        SlicePlan plan = SlicePlan.next(service, List.of(), slices);
        assertThat(plan.create()).isEmpty();
        assertThat(only(plan.update()).getEndpoints()).isEmpty();
        assertThat(plan.delete()).hasSize(1);

        SlicePlan back = SlicePlan.next(service, pods(1), plan.update());
        assertThat(back.create()).isEmpty();
        assertThat(only(back.update()).getPorts().getFirst().getPort()).isEqualTo(8080);
    }

    @Test
    void putsPodsThatListenElsewhereIntoASliceOfTheirOwn() {
        Pod moved = new PodBuilder(pod(2, true))
                .editMetadata()
                .withAnnotations(Map.of(PodPort.REAL_PORTS, "80=20080, 8080=28080"))
                .endMetadata()
                .build();

        SlicePlan plan = SlicePlan.next(service, List.of(pod(1, true), moved), List.of());
        assertThat(plan.create())
                .extracting(slice -> slice.getPorts().getFirst().getPort())
                .containsExactlyInAnyOrder(8080, 28080);
    }

    @Test
    void publishesPodsThatAreNotReadyWhereTheServiceAsksForIt() {
        Service eager = new ServiceBuilder(service)
                .editSpec()
                .withPublishNotReadyAddresses(true)
                .endSpec()
                .build();
        Endpoint endpoint = only(
                only(SlicePlan.next(eager, List.of(pod(1, false)), List.of()).create())
                        .getEndpoints());
        assertThat(endpoint.getConditions().getReady()).isTrue();
        assertThat(endpoint.getConditions().getServing()).isFalse();
    }

    @Test
    void theOlderFormListsReadyAndUnreadyPodsButNoneThatEnds() {
        Pod ending = new PodBuilder(pod(3, true))
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();

        var subset = only(EndpointsObject.of(service, List.of(pod(1, true), pod(2, false), ending))
                .getSubsets());
        assertThat(only(subset.getAddresses()).getIp()).isEqualTo("127.7.0.1");
        assertThat(only(subset.getNotReadyAddresses()).getIp()).isEqualTo("127.7.0.2");
        assertThat(only(subset.getPorts()).getPort()).isEqualTo(8080);
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }

    private static List<Pod> pods(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> pod(number, true))
                .toList();
    }

    private static Pod pod(int number, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("web-%03d".formatted(number))
                .withNamespace("test")
                .withUid("pod-" + number)
                .withLabels(Map.of("app", "web"))
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .addNewContainer()
                .addNewPort()
                .withName("web")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("127.7." + number / 250 + "." + number % 250)
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }
}
