package dev.linnet.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.linnet.gateway.LiveRoutes;
import dev.linnet.gateway.LogBook;
import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusWriterTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String HOST = "shop.example.com";
    private static final StatusSettings.Pace PACE =
            new StatusSettings.Pace(Duration.ofMillis(200), Duration.ofMillis(200));
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
            assertThat(address.getPorts())
                    .as("whoever is in front may have others")
                    .isEmpty();
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

    @Test
    void writesWhereItListensOnceItDoes() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        AtomicReference<InetSocketAddress> listens = new AtomicReference<>(new InetSocketAddress("192.0.2.1", 0));

        try (StatusWriter writer = writer(new Published.Here(listens::get), false, PACE)) {
            writer.start();
            cluster.create(Shop.ingress("marker", "marker.example.com", "web"));
            eventually(() -> feed.applied().containsKey("Ingress/shop/marker"));
            assertThat(addresses("web")).isEmpty();

            listens.set(new InetSocketAddress("192.0.2.1", 8080));

            eventually(() -> !addresses("web").isEmpty());
            assertThat(addresses("web").getFirst().getPorts())
                    .singleElement()
                    .satisfies(port -> assertThat(port.getPort()).isEqualTo(8080));
        }
    }

    @Test
    void publishesTheAddressesOfAServiceAndFollowsThem() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        Service front = Shop.service("front");
        front.getSpec().setExternalIPs(List.of("192.0.2.9"));
        front.getSpec().setType("NodePort");
        cluster.create(front);
        feed.start();

        try (StatusWriter writer = writer(new Published.OfService("shop", "front"), false, PACE)) {
            writer.start();
            eventually(() -> writtenAddress("web").equals("192.0.2.9"));

            cluster.client()
                    .services()
                    .inNamespace("shop")
                    .withName("front")
                    .edit(found -> new ServiceBuilder(found)
                            .editSpec()
                            .withExternalIPs("192.0.2.10")
                            .endSpec()
                            .build());

            eventually(() -> writtenAddress("web").equals("192.0.2.10"));
        }
    }

    @Test
    void publishesTheNodesThatRunReadyGateways() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        node("one", "InternalIP", "10.0.0.1", "ExternalIP", "192.0.2.1");
        node("two", "InternalIP", "10.0.0.2");
        node("three", "InternalIP", "10.0.0.3");
        pod("gateway-1", "one", true);
        pod("gateway-2", "two", true);
        pod("gateway-3", "three", false);
        feed.start();
        Published published = new Published.OfNodes("shop", "gateway-2", new Published.Here(() -> {
            throw new AssertionError("there is such a Pod");
        }));

        try (StatusWriter writer = writer(published, false, PACE)) {
            writer.start();

            eventually(() -> addresses("web").size() == 2);
            assertThat(addresses("web"))
                    .extracting(IngressLoadBalancerIngress::getIp)
                    .containsExactly("10.0.0.2", "192.0.2.1");
        }
    }

    private void node(String name, String... addresses) {
        Node node = cluster.create(
                new NodeBuilder().withNewMetadata().withName(name).endMetadata().build());
        List<NodeAddress> all = new ArrayList<>();
        for (int i = 0; i < addresses.length; i += 2) {
            all.add(new NodeAddress(addresses[i + 1], addresses[i]));
        }
        cluster.client()
                .resource(new NodeBuilder(node)
                        .withNewStatus()
                        .withAddresses(all)
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private void pod(String name, String node, boolean ready) {
        Pod pod = cluster.create(new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withLabels(Map.of("app", "gateway", "pod-template-hash", name))
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName("gateway")
                .withImage("linnet")
                .endContainer()
                .endSpec()
                .build());
        cluster.client()
                .resource(new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready ? "True" : "False")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
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

        try (StatusWriter writer = writer("one", List.of("192.0.2.1"))) {
            writer.start();
            onlyOurs("ours");

            eventually(() -> !addresses("ours").isEmpty());
            assertThat(addresses("web")).isEmpty();

            cluster.delete(lease);
            eventually(() -> writtenAddress("web").equals("192.0.2.1"));
        }
    }

    @Test
    void insistsWhereItIsToldTo() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        writeAsAnother("web", "203.0.113.1");
        feed.start();

        try (StatusWriter writer = writer(new Published.Fixed(List.of("192.0.2.1")), true, PACE)) {
            writer.start();

            eventually(() -> writtenAddress("web").equals("192.0.2.1"));
        }
    }

    @Test
    void fightsWithNobodyWhoWritesItBack() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();

        try (StatusWriter writer = writer("one", List.of("192.0.2.1"))) {
            writer.start();
            eventually(() -> writtenAddress("web").equals("192.0.2.1"));

            writeAsAnother("web", "203.0.113.1");
            eventually(() -> feed.followed(new ObjectRef("Ingress", "shop", "web"))
                    .orElseThrow()
                    .status()
                    .other()
                    .isPresent());
            onlyOurs("ours");
            eventually(() -> !addresses("ours").isEmpty());
            cluster.create(Shop.ingress("later", "later.example.com", "web"));
            onlyOurs("ours-too");
            eventually(() -> !addresses("ours-too").isEmpty());

            assertThat(writtenAddress("web")).isEqualTo("203.0.113.1");
            assertThat(addresses("later"))
                    .as("of a class that the other one serves")
                    .isEmpty();
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

    @Test
    void saysNothingOfPodsThatAreOnTheirWay() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.service("web"));
        cluster.create(Shop.ingress("web", HOST, "web"));
        cluster.create(Shop.canary("web-canary", HOST, "web", "12%"));
        feed.start();

        StatusSettings.Pace patient = new StatusSettings.Pace(Duration.ofMillis(100), Duration.ofSeconds(30));
        try (StatusWriter writer = writer(new Published.Fixed(List.of("192.0.2.1")), false, patient)) {
            writer.start();

            eventually(() -> !events().isEmpty());
            assertThat(events()).extracting(Event::getReason).containsExactly("BadAnnotation");
        }
        try (StatusWriter writer = writer(new Published.Fixed(List.of("192.0.2.1")), false, PACE)) {
            writer.start();

            eventually(
                    () -> events().stream().anyMatch(event -> event.getReason().equals("BadService")));
        }
    }

    private static String metrics(StatusWriter writer) {
        PrometheusPage page = new PrometheusPage(Map.of());
        writer.metrics().writeTo(page);
        return page.text();
    }

    private StatusWriter writer(String identity, List<String> addresses) {
        return new StatusWriter(
                client,
                feed,
                new StatusSettings(new Published.Fixed(addresses), identity, false, LEASE, PACE),
                Clock.systemUTC());
    }

    private StatusWriter writer(Published published, boolean insists, StatusSettings.Pace pace) {
        return new StatusWriter(
                client, feed, new StatusSettings(published, "one", insists, LEASE, pace), Clock.systemUTC());
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
