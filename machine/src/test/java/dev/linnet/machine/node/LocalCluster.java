package dev.linnet.machine.node;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import dev.linnet.machine.Machine;
import dev.linnet.machine.MachineSettings;
import dev.linnet.machine.address.ClusterAddresses;
import dev.linnet.machine.address.PodRange;
import dev.linnet.machine.node.command.CommandLine;
import dev.linnet.machine.podproxy.Egress;
import dev.linnet.machine.proxy.ServiceProxy;
import dev.linnet.machine.scheduler.Scheduler;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A whole cluster on a real API server: controllers, scheduler, node agent and service proxy. */
final class LocalCluster implements AutoCloseable {
    static final String TOKEN = "a-token-for-node-agents";

    final EchoImage echo = new EchoImage();
    final ClusterAddresses addresses;
    final ApiServer api;
    final Config config;
    final KubernetesClient client;
    private final Path directory;
    private final Images images;
    private List<LocalNode> nodes =
            List.of(new LocalNode("node-1", Map.of("disk", "fast")), new LocalNode("node-2", Map.of()));
    private Machine machine;

    LocalCluster(Path directory) {
        this(directory, Optional.empty());
    }

    LocalCluster(Path directory, Optional<PodRange> podRange) {
        this(directory, podRange, Map.of(), Optional.of("up --allow"));
    }

    /**
     * @param commands command lines by image
     * @param toAllow  how Pods' own commands would be obeyed; empty when they are
     */
    LocalCluster(Path directory, Map<String, CommandLine> commands, Optional<String> toAllow) {
        this(directory, Optional.empty(), commands, toAllow);
    }

    private LocalCluster(
            Path directory, Optional<PodRange> podRange, Map<String, CommandLine> commands, Optional<String> toAllow) {
        this.directory = directory;
        addresses = ClusterAddresses.claim(OptionalInt.empty(), podRange);
        this.images =
                new Images(commands, Map.of(echo.name(), echo), new Images.Advice("up --image NAME=COMMAND", toAllow));
        api = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                directory.resolve("api"),
                true,
                addresses.serviceCidr(),
                TOKEN,
                InstantSource.system()));
        config = new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withCaCertData(Base64.getEncoder().encodeToString(api.caPem().getBytes(StandardCharsets.US_ASCII)))
                .withOauthToken(api.adminToken())
                .withOnlyHttpWatches(true)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        machine = startMachine();
    }

    private Machine startMachine() {
        NodeSettings settings = new NodeSettings(
                nodes,
                directory.resolve("node"),
                new AccessToken(TOKEN),
                images,
                DrainTimes.usual(),
                Egress.closed("tests stay here"));
        return Machine.start(new MachineSettings(
                config,
                List.of(
                        Scheduler::new,
                        bench -> new ServiceProxy(
                                bench, addresses, settings.nodes().size()),
                        bench -> new NodeAgent(bench, addresses, settings))));
    }

    /** As if it had been started again with other nodes. */
    void restartMachine(List<LocalNode> otherNodes) {
        nodes = otherNodes;
        restartMachine();
    }

    /** As if the process had been stopped and started again, with the API staying. */
    void restartMachine() {
        stopMachine();
        machine = startMachine();
    }

    void stopMachine() {
        machine.close();
    }

    static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }

    void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Creates what a manifest says. */
    <T extends HasMetadata> T create(Class<T> kind, String yaml) {
        return client.resource(client.getKubernetesSerialization().unmarshal("---\n" + yaml, kind))
                .create();
    }

    Pod pod(String namespace, String name) {
        return client.pods().inNamespace(namespace).withName(name).require();
    }

    Pod readyPod(String namespace, String name) {
        eventually().until(() -> isReady(pod(namespace, name)));
        return pod(namespace, name);
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    /** Of the first container of a Pod. */
    ContainerStatus status(String namespace, String name) {
        return pod(namespace, name).getStatus().getContainerStatuses().getFirst();
    }

    /** Why a container of a Pod waits; empty if none does. */
    String waiting(String namespace, String name) {
        Pod pod = pod(namespace, name);
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting().getReason())
                .findFirst()
                .orElse("");
    }

    String phase(String namespace, String name) {
        return pod(namespace, name).getStatus().getPhase();
    }

    List<String> events(String namespace, String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getReason().equals(reason))
                .map(Event::getMessage)
                .toList();
    }

    @Override
    public void close() {
        machine.close();
        client.close();
        api.close();
        addresses.close();
    }
}
