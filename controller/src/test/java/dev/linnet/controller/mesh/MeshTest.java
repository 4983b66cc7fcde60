package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.controller.release.FrontApi;
import dev.linnet.controller.release.FrontApi.Fault;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
    void leadsWhoOptsInAfterALongTimeInWhichNobodyHad() {
        AtomicInteger lists = new AtomicInteger();
        front.fail(call -> {
            if (call.path().contains("/api/v1/services?") && !call.path().contains("watch=true")) {
                lists.incrementAndGet();
            }
            return Fault.NONE;
        });
        try (Shop shop = cluster.shop()) {
            shop.optsOut();
            mesh.start();
            until(() -> lists.get() == 2, shop); // once to look, once to wait

            shop.isLabelled(labels -> labels.put("linnet.dev/mesh", "true"));
            until(shop::isTaken, shop);
            shop.optsOut();
            until(shop::isLeft, shop);
            until(() -> lists.get() == 4, shop);
            shop.edits(service -> service.editMetadata()
                    .addToLabels("linnet.dev/mesh", "true")
                    .endMetadata());
            until(shop::isTaken, shop);
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

    @Test
    void followsDestinationRulesOnceThereIsSuchAKindAndListsThemInNoRound() {
        AtomicInteger lists = new AtomicInteger();
        try (Shop shop = cluster.shop()) {
            front.fail(call -> {
                if (call.path().contains("/namespaces/" + shop.namespace() + "/destinationrules")) {
                    lists.incrementAndGet();
                }
                return Fault.NONE;
            });
            mesh.start();
            until(shop::isTaken, shop);

            cluster.hasIstio();
            says(shop, "back-ca");
            until(() -> names(shop).equals(List.of("back-ca")), shop);
            says(shop, "other-ca");
            until(() -> names(shop).equals(List.of("other-ca")), shop);

            assertThat(lists).hasValue(0);
        }
    }

    private void says(Shop shop, String secret) {
        GenericKubernetesResource rule =
                Serialization.unmarshal("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: back, namespace: %s}
                spec: {host: back, trafficPolicy: {tls: {mode: SIMPLE, credentialName: %s}}}
                """.formatted(shop.namespace(), secret), GenericKubernetesResource.class);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> { // a new kind is not there at once
                            cluster.client()
                                    .resource(rule)
                                    .fieldManager("test")
                                    .forceConflicts()
                                    .serverSideApply();
                            return true;
                        });
    }

    private List<String> names(Shop shop) {
        return cluster.client()
                .rbac()
                .roles()
                .inNamespace(shop.namespace())
                .withName(MeshSecrets.NAME)
                .get()
                .getRules()
                .getFirst()
                .getResourceNames();
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
