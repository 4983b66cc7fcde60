package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.ControllerProcess;
import dev.linnet.controller.ControllerSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two controllers, of which one acts: elected by a Lease, in real time. */
final class TwoControllersTest extends InReleaseCluster {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration SLOW_MACHINE = Duration.ofSeconds(17);

    @Test
    void aNewLeaderGoesOnWithARunWithinItsLease() throws Exception {
        try (Scene scene = cluster.scene();
                FrontApi toFirst = new FrontApi(cluster.api());
                FrontApi toSecond = new FrontApi(cluster.api());
                KubernetesClient ofFirst = RealTime.client(toFirst);
                KubernetesClient ofSecond = RealTime.client(toSecond);
                ControllerProcess first = ControllerProcess.start(
                        ofFirst, RealTime.settings(scene, Optional.of(leases(scene, "first"))))) {
            scene.gateway().users(10_000, 0);
            scene.applies(Manifests.APP);
            scene.pods().settle();
            scene.applies(Manifests.WEIGHTED
                    .replace("stepWeight: 20", "stepWeight: 5")
                    .replace("maxWeight: 40", "maxWeight: 30")
                    .replace("2s", "1s"));
            RealTime.await(scene, Duration.ofSeconds(20), () -> scene.phase().equals("Initialized"));
            try (ControllerProcess second =
                    ControllerProcess.start(ofSecond, RealTime.settings(scene, Optional.of(leases(scene, "second"))))) {
                scene.setsImage("podinfo:2");
                RealTime.await(scene, Duration.ofSeconds(20), () -> scene.weight() >= 10);
                assertThat(toSecond.writes())
                        .filteredOn(call -> !isElection(call))
                        .isEmpty();

                toFirst.fail(_ -> new FrontApi.Fault.CutOff());
                int weight = scene.weight();
                RealTime.await(scene, LEASE.plus(SLOW_MACHINE), () -> scene.weight() > weight);
                RealTime.await(
                        scene, Duration.ofSeconds(30), () -> scene.phase().equals("Succeeded"));
                assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
                assertThat(scene.events())
                        .filteredOn(event -> !event.contains(" not ready: waiting")) // once in each phase, with luck
                        .doesNotHaveDuplicates();
                assertThat(first.replaced().toCompletableFuture()).isCompleted();
                assertThat(second.replaced().toCompletableFuture()).isNotCompleted();
            }
        }
    }

    @Test
    void whoHasLostTheLeaseLeadsNoServicesAnyMoreButTheNextOneDoes() throws Exception {
        try (Scene scene = cluster.scene();
                FrontApi toFirst = new FrontApi(cluster.api());
                FrontApi toSecond = new FrontApi(cluster.api());
                KubernetesClient ofFirst = RealTime.client(toFirst);
                KubernetesClient ofSecond = RealTime.client(toSecond);
                ControllerProcess first = ControllerProcess.start(
                        ofFirst, RealTime.settings(scene, Optional.of(leases(scene, "first"))))) {
            scene.applies(Manifests.APP);
            scene.client()
                    .services()
                    .inNamespace(scene.namespace())
                    .withName("podinfo")
                    .edit(service -> {
                        service.getMetadata().setLabels(Map.of("linnet.dev/mesh", "true"));
                        return service;
                    });
            RealTime.await(scene, Duration.ofSeconds(20), () -> hasGateways(scene));
            try (ControllerProcess second =
                    ControllerProcess.start(ofSecond, RealTime.settings(scene, Optional.of(leases(scene, "second"))))) {
                toFirst.fail(call -> isElection(call) ? new FrontApi.Fault.Refused(500) : FrontApi.Fault.NONE);
                RealTime.await(
                        scene,
                        Duration.ofSeconds(20),
                        () -> first.replaced().toCompletableFuture().isDone());
                List<FrontApi.Call> written = actsOf(toFirst);

                scene.client()
                        .apps()
                        .deployments()
                        .inNamespace(scene.namespace())
                        .withName("linnet-mesh")
                        .delete();
                scene.client()
                        .services()
                        .inNamespace(scene.namespace())
                        .withName("podinfo")
                        .edit(service -> {
                            service.getMetadata().setAnnotations(Map.of("note", "look again"));
                            return service;
                        });
                RealTime.await(scene, Duration.ofSeconds(20), () -> hasGateways(scene));

                assertThat(actsOf(toFirst)).isEqualTo(written);
                assertThat(actsOf(toSecond)).anyMatch(call -> call.path().contains("/deployments"));
                assertThat(second.replaced().toCompletableFuture()).isNotCompleted();
            }
        }
    }

    private static ControllerSettings.Leases leases(Scene scene, String identity) {
        return new ControllerSettings.Leases(scene.namespace(), identity, LEASE);
    }

    private static boolean hasGateways(Scene scene) {
        return scene.deployment("linnet-mesh").isPresent();
    }

    private static List<FrontApi.Call> actsOf(FrontApi front) {
        return front.writes().stream().filter(call -> !isElection(call)).toList();
    }

    private static boolean isElection(FrontApi.Call call) {
        return call.path().contains("/leases") || call.path().contains("selfsubject");
    }
}
