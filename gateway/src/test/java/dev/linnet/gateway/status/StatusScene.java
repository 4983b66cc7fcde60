package dev.linnet.gateway.status;

import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.manifests.ingress.ClassSettings;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A cluster, and what writers have written there. */
final class StatusScene implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(15);
    static final String HOST = "shop.example.com";
    static final StatusSettings.Pace PACE = new StatusSettings.Pace(Duration.ofMillis(200), Duration.ofMillis(200));
    static final StatusSettings.Lease LEASE = new StatusSettings.Lease(
            "linnet-system",
            "linnet-gateway-status",
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofMillis(200));

    final Cluster cluster;
    final Feed feed;
    private final KubernetesClient client;

    StatusScene(Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        feed = new Feed(client, ClassSettings.DEFAULT, new LiveRoutes());
    }

    StatusWriter writer(String identity, List<String> addresses) {
        return new StatusWriter(
                client,
                feed,
                new StatusSettings(new Published.Fixed(addresses), identity, false, LEASE, PACE),
                Clock.systemUTC());
    }

    StatusWriter writer(Published published, boolean insists, StatusSettings.Pace pace) {
        return new StatusWriter(
                client, feed, new StatusSettings(published, "one", insists, LEASE, pace), Clock.systemUTC());
    }

    Ingress ingress(String name) {
        return cluster.client()
                .network()
                .v1()
                .ingresses()
                .inNamespace("shop")
                .withName(name)
                .get();
    }

    List<IngressLoadBalancerIngress> addresses(String name) {
        var status = ingress(name).getStatus();
        return status == null || status.getLoadBalancer() == null
                ? List.of()
                : status.getLoadBalancer().getIngress();
    }

    String writtenAddress(String name) {
        return addresses(name).isEmpty() ? "" : addresses(name).getFirst().getIp();
    }

    List<Event> events() {
        return cluster.client().v1().events().inNamespace("shop").list().getItems();
    }

    static void eventually(Supplier<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(condition::get);
    }

    @Override
    public void close() {
        feed.close();
        client.close();
        cluster.close();
    }
}
