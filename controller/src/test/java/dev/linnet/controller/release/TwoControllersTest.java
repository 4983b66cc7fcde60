package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.ControllerProcess;
import dev.linnet.controller.ControllerSettings;
import dev.linnet.controller.mesh.MeshSettings;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.tell.AlertReceivers;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers, of which one acts: elected by a Lease, in real time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoControllersTest {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration SLOW_MACHINE = Duration.ofSeconds(17);
    private static final Duration LOOK = Duration.ofMillis(50);

    @SuppressWarnings("NullAway.Init")
    private ReleaseCluster cluster;

    @BeforeAll
    void startsTheCluster(@TempDir Path directory) throws Exception {
        cluster = ReleaseCluster.start(directory);
    }

    @AfterAll
    void stopsTheCluster() {
        cluster.close();
    }

    @Test
    void aNewLeaderGoesOnWithARunWithinItsLease() throws Exception {
        try (Scene scene = cluster.scene();
                FrontApi toFirst = new FrontApi(cluster.api());
                FrontApi toSecond = new FrontApi(cluster.api());
                KubernetesClient ofFirst = client(toFirst);
                KubernetesClient ofSecond = client(toSecond);
                ControllerProcess first = ControllerProcess.start(ofFirst, settings(scene, "first"))) {
            scene.gateway().users(10_000, 0);
            scene.applies(Manifests.APP);
            scene.pods().settle();
            scene.applies(Manifests.WEIGHTED
                    .replace("stepWeight: 20", "stepWeight: 5")
                    .replace("maxWeight: 40", "maxWeight: 30")
                    .replace("2s", "1s"));
            await(scene, Duration.ofSeconds(20), () -> scene.phase().equals("Initialized"));
            try (ControllerProcess second = ControllerProcess.start(ofSecond, settings(scene, "second"))) {
                scene.setsImage("podinfo:2");
                await(scene, Duration.ofSeconds(20), () -> scene.weight() >= 10);
                assertThat(toSecond.writes())
                        .filteredOn(call -> !isElection(call))
                        .isEmpty();

                toFirst.fail(_ -> new FrontApi.Fault.CutOff());
                int weight = scene.weight();
                await(scene, LEASE.plus(SLOW_MACHINE), () -> scene.weight() > weight);
                await(scene, Duration.ofSeconds(30), () -> scene.phase().equals("Succeeded"));
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
                KubernetesClient ofFirst = client(toFirst);
                KubernetesClient ofSecond = client(toSecond);
                ControllerProcess first = ControllerProcess.start(ofFirst, settings(scene, "first"))) {
            scene.applies(Manifests.APP);
            scene.client()
                    .services()
                    .inNamespace(scene.namespace())
                    .withName("podinfo")
                    .edit(service -> {
                        service.getMetadata().setLabels(Map.of("linnet.dev/mesh", "true"));
                        return service;
                    });
            await(scene, Duration.ofSeconds(20), () -> hasGateways(scene));
            try (ControllerProcess second = ControllerProcess.start(ofSecond, settings(scene, "second"))) {
                toFirst.fail(call -> isElection(call) ? new FrontApi.Fault.Refused(500) : FrontApi.Fault.NONE);
                await(
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
                await(scene, Duration.ofSeconds(20), () -> hasGateways(scene));

                assertThat(actsOf(toFirst)).isEqualTo(written);
                assertThat(actsOf(toSecond)).anyMatch(call -> call.path().contains("/deployments"));
                assertThat(second.replaced().toCompletableFuture()).isNotCompleted();
            }
        }
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

    private static void await(Scene scene, Duration patience, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time: %s", scene.end()).isLessThan(end);
            scene.pods().settle();
            scene.gateway().pass(LOOK);
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    private static KubernetesClient client(FrontApi front) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(front.url())
                        .withRequestRetryBackoffLimit(0)
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
    }

    private static ControllerSettings settings(Scene scene, String identity) {
        return new ControllerSettings(
                Optional.of(scene.namespace()),
                "nginx",
                "nginx.ingress.kubernetes.io",
                List.of("app"),
                List.of(),
                true,
                new Gateways.Where(scene.namespace(), List.of(scene.gateway().url())),
                new Measurements.Settings(Optional.empty(), false),
                Secret.of(Map.of()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new AlertReceivers.Usual(List.of(), Optional.empty(), false),
                Optional.empty(),
                Optional.of(new ControllerSettings.Leases(scene.namespace(), identity, LEASE)),
                Optional.empty(),
                ProxySelector.of(null),
                MeshSettings.DEFAULT);
    }
}
