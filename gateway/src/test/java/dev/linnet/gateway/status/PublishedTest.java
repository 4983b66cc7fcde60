package dev.linnet.gateway.status;

import static dev.linnet.gateway.status.StatusScene.HOST;
import static dev.linnet.gateway.status.StatusScene.PACE;
import static dev.linnet.gateway.status.StatusScene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which address is written: where the gateway listens, that of a Service, or those of nodes. */
final class PublishedTest {
    @AutoClose
    private final StatusScene scene;

    private final Cluster cluster;
    private final Feed feed;

    PublishedTest(@TempDir Path directory) {
        scene = new StatusScene(directory);
        cluster = scene.cluster;
        feed = scene.feed;
    }

    @Test
    void writesWhereItListensOnceItDoes() {
        cluster.namespace("linnet-system");
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        AtomicReference<InetSocketAddress> listens = new AtomicReference<>(new InetSocketAddress("192.0.2.1", 0));

        try (StatusWriter writer = scene.writer(new Published.Here(listens::get), false, PACE)) {
            writer.start();
            cluster.create(Shop.ingress("marker", "marker.example.com", "web"));
            eventually(() -> feed.applied().containsKey("Ingress/shop/marker"));
            assertThat(scene.addresses("web")).isEmpty();

            listens.set(new InetSocketAddress("192.0.2.1", 8080));

            eventually(() -> !scene.addresses("web").isEmpty());
            assertThat(scene.addresses("web").getFirst().getPorts())
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

        try (StatusWriter writer = scene.writer(new Published.OfService("shop", "front"), false, PACE)) {
            writer.start();
            eventually(() -> scene.writtenAddress("web").equals("192.0.2.9"));

            cluster.client()
                    .services()
                    .inNamespace("shop")
                    .withName("front")
                    .edit(found -> new ServiceBuilder(found)
                            .editSpec()
                            .withExternalIPs("192.0.2.10")
                            .endSpec()
                            .build());

            eventually(() -> scene.writtenAddress("web").equals("192.0.2.10"));
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

        try (StatusWriter writer = scene.writer(published, false, PACE)) {
            writer.start();

            eventually(() -> scene.addresses("web").size() == 2);
            assertThat(scene.addresses("web"))
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
}
