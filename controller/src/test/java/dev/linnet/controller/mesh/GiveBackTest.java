package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.manifests.mesh.Original;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linnet is to be uninstalled; whoever gives Services back has the rights of the controller, and no others. */
final class GiveBackTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration AT_ONCE = Duration.ZERO;

    @SuppressWarnings("NullAway.Init")
    private MeshCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient controller;

    @BeforeEach
    void starts(@TempDir Path folder) {
        cluster = new MeshCluster(folder);
        client = cluster.client();
        controller = cluster.clientOfTheController();
    }

    @AfterEach
    void stops() {
        controller.close();
        cluster.close();
    }

    @Test
    void leavesAllServicesAsTheyWereThoughTheirNamespacesStillWantGateways() {
        try (Shop one = cluster.shop();
                Shop other = cluster.shop()) {
            String before = one.state();
            isTaken(one);
            isTaken(other);

            assertThat(gaveBack(DEADLINE, one, other)).isEmpty();

            assertThat(one.state()).isEqualTo(before);
            assertThat(one.isLeft()).isTrue();
            assertThat(other.isLeft()).isTrue();
        }
    }

    @Test
    void findsWhatSomebodyElseHasBegunToGiveBack() {
        try (Shop shop = cluster.shop()) {
            isTaken(shop);
            client.apps()
                    .deployments()
                    .inNamespace(shop.namespace())
                    .withName("linnet-mesh")
                    .delete();
            shop.selects(Map.of("app", "back"));

            assertThat(gaveBack(DEADLINE, shop)).isEmpty();

            assertThat(shop.isLeft()).isTrue();
            assertThat(Original.kept(shop.live("back"))).isEmpty();
        }
    }

    @Test
    void hasNothingToDoWhereNobodyHasOptedIn() {
        assertThat(gaveBack(AT_ONCE)).isEmpty();
    }

    @Test
    void leavesThemToAControllerThatHoldsTheLease() {
        try (Shop shop = cluster.shop()) {
            isTaken(shop);
            lease("linnet-controller-7", Instant.now());

            assertThat(gaveBack(DEADLINE, shop))
                    .contains("linnet-controller-7 holds Lease linnet-system/linnet-controller (expected: no"
                            + " controller at work; kubectl -n linnet-system scale deployment linnet-controller"
                            + " --replicas=0)");
            assertThat(shop.isTaken()).isTrue();

            lease("linnet-controller-7", Instant.now().minusSeconds(60));
            assertThat(gaveBack(DEADLINE, shop)).isEmpty();
        }
    }

    @Test
    void leavesThemToAControllerThatRunsWithoutLease() {
        pod("Running");
        assertThat(gaveBack(AT_ONCE)).get().asString().startsWith("Pod linnet-system/old runs the controller");

        pod("Succeeded");
        assertThat(gaveBack(AT_ONCE)).isEmpty();
    }

    @Test
    void saysWhichOnesCannotBeGivenBack() {
        try (Shop shop = cluster.shop()) {
            isTaken(shop);
            client.services()
                    .inNamespace(shop.namespace())
                    .withName("back-linnet")
                    .delete();
            shop.edits(service -> service.editMetadata()
                    .removeFromAnnotations(Original.ANNOTATION)
                    .endMetadata());

            assertThat(gaveBack(AT_ONCE, shop))
                    .contains("within 0 s these could not be given back: " + shop.namespace() + "/back");
        }
    }

    private void isTaken(Shop shop) {
        MeshNamespace mesh = new MeshNamespace(
                client,
                shop.namespace(),
                MeshSettings.DEFAULT,
                new Complaints(client, InstantSource.system()),
                InstantSource.system());
        await().atMost(DEADLINE).until(() -> {
            mesh.settle(shop.services(), shop.surroundings());
            shop.followsAsTheClusterWould();
            return shop.isTaken() && shop.state().contains("linnet.dev/mesh True");
        });
    }

    private Optional<String> gaveBack(Duration deadline, Shop... shops) {
        GiveBack giveBack = new GiveBack(
                controller,
                new ActingControllers(controller, "linnet-system", InstantSource.system()),
                InstantSource.system());
        CompletableFuture<Optional<String>> done = CompletableFuture.supplyAsync(() -> {
            try {
                return giveBack.run(AT_ONCE, deadline);
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        await().atMost(DEADLINE.plusSeconds(10)).until(() -> {
            for (Shop shop : shops) {
                shop.followsAsTheClusterWould();
            }
            return done.isDone();
        });
        return done.join();
    }

    private void lease(String holder, Instant renewed) {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace("linnet-system")
                        .withName("linnet-controller")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity(holder)
                        .withLeaseDurationSeconds(15)
                        .withRenewTime(renewed.atZone(ZoneOffset.UTC))
                        .endSpec()
                        .build())
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    private void pod(String phase) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("linnet-system")
                .withName("old")
                .addToLabels("app.kubernetes.io/name", "linnet-controller")
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName("linnet-controller")
                .addNewContainer()
                .withName("controller")
                .withImage("linnet")
                .endContainer()
                .endSpec()
                .build();
        if (client.resource(pod).get() == null) {
            client.resource(pod).create();
        }
        client.pods()
                .inNamespace("linnet-system")
                .withName("old")
                .editStatus(made -> new PodBuilder(made)
                        .withNewStatus()
                        .withPhase(phase)
                        .endStatus()
                        .build());
    }
}
