package dev.linnet.gateway.feed;

import static dev.linnet.gateway.feed.Rights.follow;
import static dev.linnet.gateway.feed.Rights.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway inside the cluster serves with what it may read, and with more once it may read more. */
final class MeshRightsTest {
    private static final String USER = "mesh-gateway";

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    private final LiveRoutes routes = new LiveRoutes();
    private final Rights rights;

    MeshRightsTest(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory);
        client = cluster.newClient(USER);
        rights = new Rights(cluster, USER);
        cluster.namespace("front");
        cluster.apply(Files.readString(Path.of("../deploy/gateway-api-crds.yaml")));
    }

    @Test
    void hearsOfThePodsOfOtherNamespacesOnceItMay() {
        rights.in(
                Shop.NAMESPACE,
                USER,
                follow("", "services", "configmaps", "pods"),
                follow("discovery.k8s.io", "endpointslices"),
                follow("gateway.networking.k8s.io", "httproutes"));
        cluster.create(pod("web", Shop.NAMESPACE));
        cluster.create(pod("page", "front"));
        try (Feed feed = new Feed(client, FeedSettings.ofMesh(Shop.NAMESPACE), routes, Duration.ofSeconds(4))) {
            feed.start();
            eventually(feed::synced);
            eventually(() -> !routes.pod("shop/web").equals(Workload.UNKNOWN));
            assertThat(routes.pod("front/page")).isEqualTo(Workload.UNKNOWN);

            rights.everywhere(follow("", "pods"));

            eventually(() -> !routes.pod("front/page").equals(Workload.UNKNOWN));
            cluster.delete(pod("web", Shop.NAMESPACE));
            eventually(() -> routes.pod("shop/web").equals(Workload.UNKNOWN));
        }
    }

    @Test
    void readsTheSecretsThatDestinationRulesNameOnceItMayAndAgainWhenTheyChange() throws IOException {
        cluster.apply(Files.readString(Path.of("../deploy/istio-crds.yaml")));
        rights.in(
                Shop.NAMESPACE,
                USER,
                follow("", "services", "configmaps", "pods"),
                follow("discovery.k8s.io", "endpointslices"),
                follow("networking.istio.io", "virtualservices", "destinationrules", "gateways", "serviceentries"));
        cluster.create(Shop.service("web"));
        cluster.create(Shop.slice("web-1", "web", "10.0.0.1"));
        cluster.create(Shop.configMap(MeshPorts.CONFIG_MAP, Map.of("web.80", "15100")));
        cluster.apply("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: web, namespace: shop}
                spec:
                  host: web
                  trafficPolicy: {tls: {mode: SIMPLE, credentialName: web-ca}}
                """);
        SecretRef secret = new SecretRef(Shop.NAMESPACE, "web-ca");
        TestAuthority authority = TestAuthority.named("authority");
        try (Feed feed = new Feed(client, FeedSettings.ofMesh(Shop.NAMESPACE), routes, Duration.ofSeconds(4))) {
            feed.start();
            eventually(feed::synced);
            assertThat(routes.secret(secret)).isEmpty();
            eventually(() -> !badSecrets().isEmpty());
            assertThat(badSecrets())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString())
                            .contains("DestinationRule shop/web", "names Secret shop/web-ca, which "));

            rights.in(Shop.NAMESPACE, "secrets", read("web-ca"));
            cluster.create(secret("web-ca", authority.issue("one")));
            eventually(() -> routes.secret(secret).isPresent());
            eventually(() -> badSecrets().isEmpty());
            Optional<Secret<Map<String, byte[]>>> before = routes.secret(secret);
            cluster.put(secret("web-ca", authority.issue("other")));

            eventually(() -> !routes.secret(secret).equals(before));
        }
    }

    private List<Problem> badSecrets() {
        return routes.problems().stream()
                .filter(problem -> problem.reason() == Problem.Reason.BAD_SECRET)
                .toList();
    }

    private static io.fabric8.kubernetes.api.model.Secret secret(String name, Issued issued) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Shop.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withData(Map.copyOf(issued.base64()))
                .build();
    }

    private static void eventually(Callable<Boolean> holds) {
        await().atMost(Duration.ofSeconds(30)).until(holds);
    }

    private static Pod pod(String name, String namespace) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("image")
                .endContainer()
                .endSpec()
                .build();
    }
}
