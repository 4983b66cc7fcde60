package dev.linnet.gateway.status;

import static dev.linnet.gateway.status.StatusScene.HOST;
import static dev.linnet.gateway.status.StatusScene.LEASE;
import static dev.linnet.gateway.status.StatusScene.PACE;
import static dev.linnet.gateway.status.StatusScene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.linnet.gateway.LogBook;
import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written into Ingresses, and told of their problems. */
final class StatusWriterTest {
    @AutoClose
    private final StatusScene scene;

    private final Cluster cluster;
    private final Feed feed;

    StatusWriterTest(@TempDir Path directory) {
        scene = new StatusScene(directory);
        cluster = scene.cluster;
        feed = scene.feed;
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

        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1", "gateway.example.com"))) {
            writer.start();

            eventually(() -> scene.addresses("web").size() == 2
                    && scene.addresses("web-canary").size() == 2);
            IngressLoadBalancerIngress address = scene.addresses("web").getFirst();
            assertThat(address.getIp()).isEqualTo("192.0.2.1");
            assertThat(address.getPorts())
                    .as("whoever is in front may have others")
                    .isEmpty();
            assertThat(scene.addresses("web").get(1).getHostname()).isEqualTo("gateway.example.com");
            assertThat(scene.addresses("theirs")).isEmpty();
        }
    }

    @Test
    void writesNothingAtRest() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1"))) {
            writer.start();
            eventually(() -> !scene.addresses("web").isEmpty());
        }
        String version = scene.ingress("web").getMetadata().getResourceVersion();
        eventually(() -> version.equals(feed.applied().get("Ingress/shop/web")));

        try (StatusWriter writer = scene.writer("two", List.of("192.0.2.1"))) {
            writer.start();
            cluster.create(Shop.ingress("marker", "marker.example.com", "web"));
            eventually(() -> !scene.addresses("marker").isEmpty());
        }

        assertThat(scene.ingress("web").getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void tellsEachProblemOnceAlsoAfterARestart() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.service("web"));
        cluster.create(Shop.slice("web-1", "web", "10.0.0.1"));
        cluster.create(Shop.ingress("web", HOST, "web"));
        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "12%"));
        feed.start();
        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1"))) {
            writer.start();
            eventually(() ->
                    scene.events().size() == 1 && !scene.addresses("web-canary").isEmpty());
        }

        try (StatusWriter writer = scene.writer("two", List.of("192.0.2.1"))) {
            writer.start();
            cluster.put(Shop.canary("web-canary", HOST, "web-v2", "13%"));
            eventually(() -> scene.events().size() == 2);
        }

        Event event = scene.events().getFirst();
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("BadAnnotation");
        assertThat(event.getInvolvedObject().getKind()).isEqualTo("Ingress");
        assertThat(event.getInvolvedObject().getUid())
                .isEqualTo(scene.ingress("web-canary").getMetadata().getUid());
        assertThat(scene.events())
                .extracting(Event::getMessage)
                .containsExactlyInAnyOrder(message("12%"), message("13%"));
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

        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1"))) {
            writer.start();

            eventually(() -> scene.events().size() == 2);
            assertThat(scene.events())
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

        try (StatusWriter writer = scene.writer("one", List.of("192.0.2.1"))) {
            writer.start();
            cluster.namespace("linnet-system");

            eventually(() -> !scene.addresses("web").isEmpty() && scene.events().size() == 1);
        }
    }

    @Test
    void complainsOnceOfWhatItMayNotWriteUntilThatChanges() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        cluster.create(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName("leases")
                .endMetadata()
                .addNewRule()
                .withApiGroups("coordination.k8s.io")
                .withResources("leases")
                .withVerbs("*")
                .endRule()
                .build());
        cluster.create(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("leases")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "leases")
                .addNewSubject()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("User")
                .withName("clerk")
                .endSubject()
                .build());
        feed.start();
        StatusSettings settings =
                new StatusSettings(new Published.Fixed(List.of("192.0.2.1")), "one", true, LEASE, PACE);

        try (LogBook said = LogBook.of(StatusWriter.class).hearing(Level.DEBUG);
                KubernetesClient clerk = cluster.newClient("clerk");
                StatusWriter writer = new StatusWriter(clerk, feed, settings, Clock.systemUTC())) {
            writer.start();
            eventually(() -> failures(said).size() >= 3);
            assertThat(failures(said))
                    .filteredOn(level -> level.equals(Level.WARN))
                    .hasSize(1);

            cluster.client()
                    .network()
                    .v1()
                    .ingresses()
                    .inNamespace("shop")
                    .withName("web")
                    .edit(found -> Shop.annotated(found, Map.of("note", "changed")));
            eventually(() -> Collections.frequency(failures(said), Level.WARN) == 2);
        }
    }

    /** How loud it was each time that the Ingress could not be written. */
    private static List<Level> failures(LogBook said) {
        return said.events().stream()
                .filter(event -> event.getMessage().equals("Status or Event cannot be written"))
                .filter(event -> event.getKeyValuePairs().toString().contains("web"))
                .map(ILoggingEvent::getLevel)
                .toList();
    }

    @Test
    void saysNothingOfPodsThatAreOnTheirWay() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.service("web"));
        cluster.create(Shop.ingress("web", HOST, "web"));
        cluster.create(Shop.canary("web-canary", HOST, "web", "12%"));
        feed.start();

        StatusSettings.Pace patient = new StatusSettings.Pace(Duration.ofMillis(100), Duration.ofSeconds(30));
        try (StatusWriter writer = scene.writer(new Published.Fixed(List.of("192.0.2.1")), false, patient)) {
            writer.start();

            eventually(() -> !scene.events().isEmpty());
            assertThat(scene.events()).extracting(Event::getReason).containsExactly("BadAnnotation");
        }
        try (StatusWriter writer = scene.writer(new Published.Fixed(List.of("192.0.2.1")), false, PACE)) {
            writer.start();

            eventually(() ->
                    scene.events().stream().anyMatch(event -> event.getReason().equals("BadService")));
        }
    }
}
