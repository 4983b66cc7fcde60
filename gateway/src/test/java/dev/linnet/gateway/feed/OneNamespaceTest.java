package dev.linnet.gateway.feed;

import static dev.linnet.gateway.feed.Rights.follow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is for one namespace ({@code --watch-namespace}) needs no rights in others, and serves nothing of theirs. */
final class OneNamespaceTest {
    private static final String USER = "team-gateway";

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    private final LiveRoutes routes = new LiveRoutes();
    private final Rights rights;

    OneNamespaceTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient(USER);
        rights = new Rights(cluster, USER);
        cluster.namespace("neighbours");
        cluster.namespace("linnet-system");
        cluster.create(Shop.service("web"));
        cluster.create(Shop.slice("web-1", "web", "10.0.0.1"));
        cluster.create(Shop.ingress("web", "shop.example.com", "web"));
        var neighbours = Shop.ingress("web", "neighbours.example.com", "web");
        neighbours.getMetadata().setNamespace("neighbours");
        cluster.create(neighbours);
    }

    @Test
    void cls1ObeysTheObjectsOfItsNamespaceAndNoOthers() {
        mayReadItsNamespace();

        try (Feed feed = new Feed(client, FeedSettings.of(ClassSettings.DEFAULT).in(Shop.NAMESPACE), routes)) {
            feed.start();

            eventually(feed::synced);
            assertThat(routes.table().rules())
                    .extracting(Rule::source)
                    .containsExactly(new ObjectRef("Ingress", Shop.NAMESPACE, "web"));
            assertThat(routes.endpointsOf(routes.table().rules().getFirst().primary()))
                    .hasSize(1);
        }
    }

    @Test
    void knowsWithWhomItSharesRates() {
        mayReadItsNamespace();
        rights.in("linnet-system", USER, follow("discovery.k8s.io", "endpointslices"));
        var gateways = Shop.slice("gateways-1", "linnet-gateway-metrics", "10.0.0.7", "10.0.0.8");
        gateways.getMetadata().setNamespace("linnet-system");
        cluster.create(gateways);

        try (Feed feed = new Feed(client, FeedSettings.of(ClassSettings.DEFAULT).in(Shop.NAMESPACE), routes)) {
            feed.start();

            eventually(() -> routes.readyGateways() == 2);
        }
    }

    private void mayReadItsNamespace() {
        rights.in(
                Shop.NAMESPACE,
                USER,
                follow("", "services", "secrets", "configmaps", "pods"),
                follow("discovery.k8s.io", "endpointslices"),
                follow("networking.k8s.io", "ingresses"));
        rights.everywhere(follow("networking.k8s.io", "ingressclasses"));
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
