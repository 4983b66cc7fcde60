package dev.linnet.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.numbers.PrometheusPage;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusWriterTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String HOST = "shop.example.com";
    private static final StatusSettings.Lease LEASE = new StatusSettings.Lease(
            "linnet-system",
            "linnet-gateway-status",
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofMillis(200));

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    @AutoClose
    private final Feed feed;

    StatusWriterTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        feed = new Feed(client, ClassSettings.DEFAULT, new LiveRoutes());
    }

    @Test
    void writesItsAddressIntoEachIngressThatIsObeyed() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "10"));
        Ingress theirs = Shop.ingress("theirs", "their.example.com", "web");
        theirs.getSpec().setIngressClassName("other");
        cluster.create(theirs);
        feed.start();

        try (StatusWriter writer = writer("one", List.of("192.0.2.1", "gateway.example.com"))) {
            writer.start();

            eventually(() ->
                    addresses("web").size() == 2 && addresses("web-canary").size() == 2);
            IngressLoadBalancerIngress address = addresses("web").getFirst();
            assertThat(address.getIp()).isEqualTo("192.0.2.1");
            assertThat(address.getPorts()).extracting(port -> port.getPort()).containsExactly(80, 443);
            assertThat(addresses("web").get(1).getHostname()).isEqualTo("gateway.example.com");
            assertThat(addresses("theirs")).isEmpty();
        }
    }

    @Test
    void writesNothingAtRest() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        try (StatusWriter writer = writer("one", List.of("192.0.2.1"))) {
            writer.start();
            eventually(() -> !addresses("web").isEmpty());
        }
        String version = ingress("web").getMetadata().getResourceVersion();
        eventually(() -> version.equals(feed.applied().get("Ingress/shop/web")));

        try (StatusWriter writer = writer("two", List.of("192.0.2.1"))) {
            writer.start();
            cluster.create(Shop.ingress("marker", "marker.example.com", "web"));
            eventually(() -> !addresses("marker").isEmpty());
        }

        assertThat(ingress("web").getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void tellsEachProblemOnceAlsoAfterARestart() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.service("web"));
        cluster.create(Shop.slice("web-1", "web", "10.0.0.1"));
        cluster.create(Shop.ingress("web", HOST, "web"));
        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "12%"));
        feed.start();
        try (StatusWriter writer = writer("one", List.of("192.0.2.1"))) {
            writer.start();
            eventually(() -> events().size() == 1 && !addresses("web-canary").isEmpty());
        }

        try (StatusWriter writer = writer("two", List.of("192.0.2.1"))) {
            writer.start();
            cluster.put(Shop.canary("web-canary", HOST, "web-v2", "13%"));
            eventually(() -> events().size() == 2);
        }

        Event event = events().getFirst();
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("BadAnnotation");
        assertThat(event.getInvolvedObject().getKind()).isEqualTo("Ingress");
        assertThat(event.getInvolvedObject().getUid())
                .isEqualTo(ingress("web-canary").getMetadata().getUid());
        assertThat(events()).extracting(Event::getMessage).containsExactlyInAnyOrder(message("12%"), message("13%"));
    }

    private static String message(String weight) {
        return "metadata.annotations[nginx.ingress.kubernetes.io/canary-weight] is \"" + weight
                + "\" (expected: a whole number from 0 to 100)";
    }

    @Test
    void tellsTheServiceThatLacksThePortAndTheIngressThatNeedsIt() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        var service = Shop.service("web");
        service.getSpec().getPorts().getFirst().setPort(81);
        cluster.create(service);
        feed.start();

        try (StatusWriter writer = writer("one", List.of("192.0.2.1"))) {
            writer.start();

            eventually(() -> events().size() == 2);
            assertThat(events())
                    .extracting(event -> event.getInvolvedObject().getKind(), Event::getReason)
                    .containsExactlyInAnyOrder(tuple("Service", "BadService"), tuple("Ingress", "BadService"));
        }
    }

    @Test
    void waitsForTheNamespaceOfTheLease() {
        cluster.create(Shop.annotated(
                Shop.ingress("web", HOST, "web"), Map.of("nginx.ingress.kubernetes.io/auth-url", "http://auth")));
        feed.start();
        eventually(feed::synced);

        try (StatusWriter writer = writer("one", List.of("192.0.2.1"))) {
            writer.start();
            cluster.namespace("linnet-system");

            eventually(() -> !addresses("web").isEmpty() && events().size() == 1);
        }
    }

    @Test
    void leavesWritingToTheHolderOfTheLeaseAndTakesOverWhenItEnds() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        StatusWriter first = writer("one", List.of("192.0.2.1"));
        try (StatusWriter second = writer("two", List.of("192.0.2.2"))) {
            first.start();
            eventually(() -> writtenAddress("web").equals("192.0.2.1"));
            second.start();
            cluster.create(Shop.ingress("other", "other.example.com", "web"));
            eventually(() -> writtenAddress("other").equals("192.0.2.1"));

            first.close();

            eventually(() -> writtenAddress("web").equals("192.0.2.2"));
            assertThat(metrics(second)).contains("leader_election_status{name=\"linnet-gateway-status\"} 1\n");
            assertThat(metrics(first)).contains("leader_election_status{name=\"linnet-gateway-status\"} 0\n");
        } finally {
            first.close();
        }
    }

    private static String metrics(StatusWriter writer) {
        PrometheusPage page = new PrometheusPage(Map.of());
        writer.metrics().writeTo(page);
        return page.text();
    }

    private StatusWriter writer(String identity, List<String> addresses) {
        return new StatusWriter(
                client, feed, new StatusSettings(addresses, List.of(80, 443), identity, LEASE), Clock.systemUTC());
    }

    private Ingress ingress(String name) {
        return cluster.client()
                .network()
                .v1()
                .ingresses()
                .inNamespace("shop")
                .withName(name)
                .get();
    }

    private List<IngressLoadBalancerIngress> addresses(String name) {
        var status = ingress(name).getStatus();
        return status == null || status.getLoadBalancer() == null
                ? List.of()
                : status.getLoadBalancer().getIngress();
    }

    private String writtenAddress(String name) {
        return addresses(name).isEmpty() ? "" : addresses(name).getFirst().getIp();
    }

    private List<Event> events() {
        return cluster.client().v1().events().inNamespace("shop").list().getItems();
    }

    private static void eventually(Supplier<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(condition::get);
    }
}
