package dev.linnet.gateway.status;

import static dev.linnet.gateway.status.StatusScene.HOST;
import static dev.linnet.gateway.status.StatusScene.PACE;
import static dev.linnet.gateway.status.StatusScene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several that would write the same status: other gateways, and other controllers. */
final class StatusRivalsTest {
    @AutoClose
    private final StatusScene scene;

    private final Cluster cluster;
    private final Feed feed;

    StatusRivalsTest(@TempDir Path directory) {
        scene = new StatusScene(directory);
        cluster = scene.cluster;
        feed = scene.feed;
    }

    @Test
    void leavesWritingToTheHolderOfTheLeaseAndTakesOverWhenItEnds() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        StatusWriter first = scene.writer("one", List.of("192.0.2.1"));
        try (StatusWriter second = scene.writer("two", List.of("192.0.2.2"))) {
            first.start();
            eventually(() -> scene.writtenAddress("web").equals("192.0.2.1"));
            second.start();
            cluster.create(Shop.ingress("other", "other.example.com", "web"));
            eventually(() -> scene.writtenAddress("other").equals("192.0.2.1"));

            first.close();

            eventually(() -> scene.writtenAddress("web").equals("192.0.2.2"));
            assertThat(metrics(second)).contains("leader_election_status{name=\"linnet-gateway-status\"} 1\n");
            assertThat(metrics(first)).contains("leader_election_status{name=\"linnet-gateway-status\"} 0\n");
        } finally {
            first.close();
        }
    }

    @Test
    void leavesTheStatusToAnIngressNginxThatLives() {
        cluster.namespace("linnet-system");
        cluster.namespace("ingress-nginx");
        cluster.create(Shop.ingress("web", HOST, "web"));
        Lease lease = cluster.create(new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("ingress-nginx")
                .withName("ingress-controller-leader")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("ingress-nginx-controller-1")
                .withLeaseDurationSeconds(30)
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .endSpec()
                .build());
        feed.start();

        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1"))) {
            writer.start();
            onlyOurs("ours");

            eventually(() -> !scene.addresses("ours").isEmpty());
            assertThat(scene.addresses("web")).isEmpty();

            cluster.delete(lease);
            eventually(() -> scene.writtenAddress("web").equals("192.0.2.1"));
        }
    }

    @Test
    void insistsWhereItIsToldTo() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        writeAsAnother("web", "203.0.113.1");
        feed.start();

        try (StatusWriter writer = scene.writer(new Published.Fixed(List.of("192.0.2.1")), true, PACE)) {
            writer.start();

            eventually(() -> scene.writtenAddress("web").equals("192.0.2.1"));
        }
    }

    @Test
    void fightsWithNobodyWhoWritesItBack() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();

        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1"))) {
            writer.start();
            eventually(() -> scene.writtenAddress("web").equals("192.0.2.1"));

            writeAsAnother("web", "203.0.113.1");
            eventually(() -> feed.followed(new ObjectRef("Ingress", "shop", "web"))
                    .orElseThrow()
                    .status()
                    .other()
                    .isPresent());
            onlyOurs("ours");
            eventually(() -> !scene.addresses("ours").isEmpty());
            cluster.create(Shop.ingress("later", "later.example.com", "web"));
            onlyOurs("ours-too");
            eventually(() -> !scene.addresses("ours-too").isEmpty());

            assertThat(scene.writtenAddress("web")).isEqualTo("203.0.113.1");
            assertThat(scene.addresses("later"))
                    .as("of a class that the other one serves")
                    .isEmpty();
        }
    }

    /** An Ingress of a class that no other controller obeys. */
    private void onlyOurs(String name) {
        if (cluster.client().network().v1().ingressClasses().withName("linnet").get() == null) {
            var ours = Shop.ingressClass();
            ours.getMetadata().setName("linnet");
            ours.getSpec().setController("linnet.dev/gateway");
            cluster.create(ours);
        }
        Ingress ingress = Shop.ingress(name, name + ".example.com", "web");
        ingress.getSpec().setIngressClassName("linnet");
        cluster.create(ingress);
    }

    private void writeAsAnother(String ingress, String address) {
        PatchContext patch = PatchContext.of(PatchType.JSON_MERGE);
        patch.setFieldManager("nginx-ingress-controller");
        cluster.client()
                .network()
                .v1()
                .ingresses()
                .inNamespace("shop")
                .withName(ingress)
                .subresource("status")
                .patch(patch, "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"" + address + "\"}]}}}");
    }

    private static String metrics(StatusWriter writer) {
        PrometheusPage page = new PrometheusPage(Map.of());
        writer.metrics().writeTo(page);
        return page.text();
    }
}
