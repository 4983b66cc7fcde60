package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import dev.linnet.manifests.mesh.Original;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Service on its way to gateways and back, on a real API. Each step is made by a controller that knows nothing of the steps before, as if
 * the one that made them had been killed.
 */
final class MeshNamespaceTest {
    private static final String GATEWAY = "127.93.7.1";
    private static final String REAL_POD = "127.93.7.2";
    private static final int MOST_STEPS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ApiServer server;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<ServerSocket> listening = new ArrayList<>();

    @BeforeEach
    void startsTheApi() {
        server = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                folder,
                true,
                "127.77.128.0/17",
                "secret",
                InstantSource.system()));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
                .build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .addToLabels("linnet.dev/mesh", "true")
                        .endMetadata()
                        .build())
                .create();
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
        client.resource(service()).create();
        putSlice("back", REAL_POD);
    }

    @AfterEach
    void stopsTheApi() throws IOException {
        client.close();
        server.close();
        for (ServerSocket socket : listening) {
            socket.close();
        }
    }

    @Test
    void leadsTheServiceOnlyOnceGatewaysServeAndGivesItBackAsItWasWhoeverMakesEachStep() throws Exception {
        Service before = live("back");

        settleUntil(() -> isTaken());

        assertThat(client.services()
                        .inNamespace("shop")
                        .withName("back-linnet")
                        .get()
                        .getSpec()
                        .getSelector())
                .isEqualTo(Map.of("app", "back"));
        assertThat(live("back").getSpec().getSelector()).isEqualTo(Map.of("app", "linnet-mesh"));

        Namespace namespace = client.namespaces().withName("shop").get();
        namespace.getMetadata().getLabels().remove("linnet.dev/mesh");
        client.resource(namespace).update();
        settleUntil(() -> client.apps()
                .deployments()
                .inNamespace("shop")
                .list()
                .getItems()
                .isEmpty());

        Service after = live("back");
        assertThat(after.getSpec()).isEqualTo(before.getSpec());
        assertThat(after.getMetadata().getLabels())
                .isEqualTo(before.getMetadata().getLabels());
        assertThat(after.getMetadata().getAnnotations()).isNullOrEmpty();
        assertThat(client.services().inNamespace("shop").list().getItems()).hasSize(1);
    }

    @Test
    void leadsAServiceBackThatSomebodyHasAppliedAnewAndKeepsWhatHeChanged() throws Exception {
        settleUntil(() -> isTaken());
        client.services()
                .inNamespace("shop")
                .withName("back")
                .edit(service -> new ServiceBuilder(service)
                        .editSpec()
                        .withSelector(Map.of("app", "back", "tier", "new"))
                        .endSpec()
                        .build());

        settleUntil(
                () -> live("back").getSpec().getSelector().equals(Map.of("app", "linnet-mesh", "tier", "linnet-mesh")));

        assertThat(Original.kept(live("back")).orElseThrow().selector())
                .isEqualTo(Map.of("app", "back", "tier", "new"));
        assertThat(client.services()
                        .inNamespace("shop")
                        .withName("back-linnet")
                        .get()
                        .getSpec()
                        .getSelector())
                .isEqualTo(Map.of("app", "back", "tier", "new"));
    }

    @Test
    void givesServicesBackWhenTheLastGatewayIsGone() throws Exception {
        settleUntil(() -> isTaken());
        client.pods().inNamespace("shop").delete();

        fresh().settle(services(), meta());

        assertThat(live("back").getSpec().getSelector()).isEqualTo(Map.of("app", "back"));
    }

    @Test
    void givesUpOnSomebodyWhoChangesItBackAgainAndAgain() throws Exception {
        MeshNamespace one = fresh();
        for (int i = 0; i < 3; i++) {
            settleUntil(one, () -> isTaken());
            client.services()
                    .inNamespace("shop")
                    .withName("back")
                    .edit(service -> new ServiceBuilder(service)
                            .editSpec()
                            .withSelector(Map.of("app", "back"))
                            .endSpec()
                            .build());
        }

        settleUntil(one, () -> Original.kept(live("back")).isEmpty());

        assertThat(client.v1().events().inNamespace("shop").list().getItems())
                .anyMatch(event -> event.getMessage().contains("has changed it back 3 times"));
    }

    @FunctionalInterface
    private interface Reached {
        boolean is();
    }

    /** Each step by a controller of its own. */
    private void settleUntil(Reached goal) throws IOException {
        for (int i = 0; i < MOST_STEPS && !goal.is(); i++) {
            fresh().settle(services(), meta());
            followsAsTheClusterWould();
        }
        assertThat(goal.is()).as("reached within %d steps", MOST_STEPS).isTrue();
    }

    private void settleUntil(MeshNamespace one, Reached goal) throws IOException {
        for (int i = 0; i < MOST_STEPS && !goal.is(); i++) {
            one.settle(services(), meta());
            followsAsTheClusterWould();
        }
        assertThat(goal.is()).as("reached within %d steps", MOST_STEPS).isTrue();
    }

    private MeshNamespace fresh() {
        InstantSource clock = InstantSource.system();
        return new MeshNamespace(client, "shop", MeshSettings.DEFAULT, new Complaints(client, clock), clock);
    }

    private List<Service> services() {
        return client.services().inNamespace("shop").list().getItems();
    }

    private Optional<ObjectMeta> meta() {
        return Optional.of(client.namespaces().withName("shop").get().getMetadata());
    }

    private boolean isTaken() {
        return "linnet-mesh".equals(live("back").getSpec().getSelector().get("app"));
    }

    private Service live(String name) {
        return client.services().inNamespace("shop").withName(name).get();
    }

    /** Starts Pods, which listen, and finds endpoints. */
    private void followsAsTheClusterWould() throws IOException {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace("shop")
                .withName("linnet-mesh")
                .get();
        if (deployment != null) {
            startGateway(deployment.getSpec().getTemplate().getMetadata().getLabels());
        }
        for (Service service : services()) {
            boolean toGateway = service.getSpec().getSelector().containsValue("linnet-mesh");
            if (!"linnet-mesh-metrics".equals(service.getMetadata().getName())) {
                putSlice(service.getMetadata().getName(), toGateway ? GATEWAY : REAL_POD);
            }
        }
    }

    private void startGateway(Map<String, String> labels) throws IOException {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("linnet-mesh-" + Integer.toHexString(labels.hashCode()))
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("gateway")
                .withImage("linnet")
                .endContainer()
                .endSpec()
                .build();
        if (client.resource(pod).get() == null) {
            client.resource(pod).create();
            client.pods()
                    .inNamespace("shop")
                    .withName(pod.getMetadata().getName())
                    .editStatus(made -> new PodBuilder(made)
                            .withNewStatus()
                            .withPhase("Running")
                            .withPodIP(GATEWAY)
                            .addNewPodIP(GATEWAY)
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .endCondition()
                            .endStatus()
                            .build());
        }
        Map<String, String> ports = Optional.ofNullable(client.configMaps()
                        .inNamespace("shop")
                        .withName("linnet-mesh")
                        .get())
                .map(configMap -> configMap.getData())
                .orElseGet(HashMap::new);
        for (String port : ports.values()) {
            if (listening.stream().noneMatch(socket -> socket.getLocalPort() == Integer.parseInt(port))) {
                listening.add(new ServerSocket(Integer.parseInt(port), 16, InetAddress.ofLiteral(GATEWAY)));
            }
        }
    }

    private void putSlice(String service, String address) {
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(service + "-1")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(new EndpointBuilder().withAddresses(address).build())
                .build();
        if (client.resource(slice).get() == null) {
            client.resource(slice).create();
        } else {
            client.resource(slice).update();
        }
    }

    private static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("back")
                .addToLabels("app", "back")
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", "back"))
                .withPorts(new ServicePortBuilder()
                        .withName("http")
                        .withPort(80)
                        .withTargetPort(new IntOrString("http"))
                        .build())
                .endSpec()
                .build();
    }
}
