package dev.linnet.machine;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A real API server with the machine's controllers at work, and a kubelet that obeys the test. */
final class TestCluster implements AutoCloseable {
    final ApiServer api;
    final KubernetesClient client;
    private final Config config;
    Machine machine;
    TestKubelet kubelet;

    TestCluster(Path directory) {
        api = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                directory,
                true,
                "127.211.128.0/17",
                "kubelet-secret",
                InstantSource.system()));
        config = new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withCaCertData(Base64.getEncoder().encodeToString(api.caPem().getBytes(StandardCharsets.US_ASCII)))
                .withOauthToken(api.adminToken())
                .withOnlyHttpWatches(true)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        startMachine();
    }

    /** Also after {@code machine.close()}: what was not done before is done then. */
    void startMachine() {
        AtomicReference<TestKubelet> made = new AtomicReference<>();
        machine = Machine.start(new MachineSettings(config, List.of(bench -> {
            made.set(new TestKubelet(bench.client()));
            return made.get();
        })));
        kubelet = made.get();
    }

    static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(10));
    }

    void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** A Deployment {@code web} whose Pods need no scheduler. */
    static Deployment web(String namespace, int replicas, String image) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .addNewContainer()
                .withName("web")
                .withImage(image)
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    Deployment deployment(String namespace) {
        return client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .require();
    }

    void setImage(String namespace, String image) {
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .patch("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"" + image
                        + "\"}]}}}}");
    }

    /** Rolled out as {@code kubectl rollout status} understands it. */
    boolean isRolledOut(String namespace) {
        Deployment deployment = deployment(namespace);
        var status = deployment.getStatus();
        int wanted = deployment.getSpec().getReplicas();
        return status != null
                && status.getObservedGeneration() != null
                && status.getObservedGeneration() >= deployment.getMetadata().getGeneration()
                && Integer.valueOf(wanted).equals(status.getUpdatedReplicas())
                && Integer.valueOf(wanted).equals(status.getReplicas())
                && Integer.valueOf(wanted).equals(status.getAvailableReplicas());
    }

    List<Pod> pods(String namespace) {
        return client.pods().inNamespace(namespace).list().getItems();
    }

    /** Creates what the YAML says. */
    void create(String yaml) {
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    ReplicaSet sets(String namespace, String image) {
        return client.apps().replicaSets().inNamespace(namespace).list().getItems().stream()
                .filter(set -> set.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage()
                        .equals(image))
                .findFirst()
                .orElseThrow();
    }

    List<String> messages(String namespace, HasMetadata about) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> about.getMetadata()
                        .getUid()
                        .equals(event.getInvolvedObject().getUid()))
                .map(Event::getMessage)
                .toList();
    }

    List<EndpointSlice> slices(String namespace) {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    List<Endpoint> endpoints(String namespace) {
        return slices(namespace).stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .toList();
    }

    @Override
    public void close() {
        machine.close();
        client.close();
        api.close();
    }
}
