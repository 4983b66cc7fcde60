package dev.linnet.controller.mesh;

import static org.awaitility.Awaitility.await;

import dev.linnet.controller.release.FrontApi;
import dev.linnet.controller.release.FrontApi.Fault;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several namespaces in which one is not as it should be. */
final class MeshTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private MeshCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private FrontApi front;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private Mesh mesh;

    @BeforeEach
    void starts(@TempDir Path folder) {
        cluster = new MeshCluster(folder);
        front = new FrontApi(cluster.api());
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(front.url())
                        .withRequestRetryBackoffLimit(0)
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
        mesh = new Mesh(client, MeshSettings.DEFAULT, InstantSource.system());
    }

    @AfterEach
    void stops() {
        mesh.close();
        client.close();
        front.close();
        cluster.close();
    }

    @Test
    void goesOnInAllOthersWhenSomethingUnforeseenIsInOne() {
        try (Shop broken = cluster.shop();
                Shop other = cluster.shop()) {
            answersOf(
                    broken,
                    "pods",
                    "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"items\": [{\"metadata\": null}]}");
            mesh.start();

            until(other::isTaken, broken, other);
            front.fail(_ -> Fault.NONE);
            until(broken::isTaken, broken, other);
        }
    }

    @Test
    void waitsForAddressesWhereAnEndpointSliceHasNone() {
        try (Shop shop = cluster.shop()) {
            answersOf(
                    shop,
                    "endpointslices",
                    "{\"kind\": \"EndpointSliceList\", \"apiVersion\": \"discovery.k8s.io/v1\","
                            + " \"items\": [{\"metadata\": {\"name\": \"a\"}, \"endpoints\": [{\"addresses\": null}]}]}");
            mesh.start();

            until(() -> shop.live("back-linnet").getSpec().getSelector() != null, shop);
            front.fail(_ -> Fault.NONE);
            until(shop::isTaken, shop);
        }
    }

    private void answersOf(Shop shop, String kinds, String json) {
        front.fail(call -> !call.writes() && call.path().contains("/namespaces/" + shop.namespace() + "/" + kinds)
                ? new Fault.Answered(json)
                : Fault.NONE);
    }

    private static void until(BooleanSupplier goal, Shop... shops) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            for (Shop shop : shops) {
                shop.followsAsTheClusterWould();
            }
            return goal.getAsBoolean();
        });
    }
}
