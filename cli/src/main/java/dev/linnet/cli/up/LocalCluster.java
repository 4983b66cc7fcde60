package dev.linnet.cli.up;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import dev.linnet.cli.HostPort;
import dev.linnet.cli.KubernetesAccess;
import dev.linnet.cli.UserError;
import dev.linnet.cli.console.ConsoleLink;
import dev.linnet.cli.direct.DirectHttp;
import dev.linnet.console.access.OneTimeKey;
import dev.linnet.console.access.Owner;
import dev.linnet.console.access.Person;
import dev.linnet.gateway.feed.ApiModels;
import dev.linnet.gateway.log.AccessLogSettings.Form;
import dev.linnet.machine.BuiltInImage;
import dev.linnet.machine.Machine;
import dev.linnet.machine.MachineSettings;
import dev.linnet.machine.address.ClusterAddresses;
import dev.linnet.machine.node.AccessToken;
import dev.linnet.machine.node.DrainTimes;
import dev.linnet.machine.node.NodeAgent;
import dev.linnet.machine.node.NodeSettings;
import dev.linnet.machine.proxy.ServiceProxy;
import dev.linnet.machine.scheduler.Scheduler;
import dev.linnet.samples.Samples;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster in this process: the API, the machine that works for it, and what {@code deploy/} puts into every cluster, the gateway among it.
 * Ready when {@link #start} returns.
 */
public final class LocalCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** After so long without a visitor nobody is starting anything. */
    private static final Duration AT_REST = Duration.ofSeconds(5);

    private final Settings settings;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<String> notes = new ArrayList<>();
    private final GatewayImage gateway;
    private final HostSocket consoleSocket;
    private final OneTimeKey consoleKey;
    private final ConsoleImage console;
    private final ApiServer api;
    private final KubernetesClient client;

    /**
     * What a local cluster is told.
     *
     * @param listeners where it listens on the host
     * @param accessLog what the gateway's Pod writes of requests
     * @param pods      nodes, and what runs Pods beside the built-in images
     * @param controllerArgs come after those of the controller's Pod
     */
    public record Settings(
            Path directory,
            boolean ephemeral,
            Listeners listeners,
            Form accessLog,
            PodOptions pods,
            List<String> controllerArgs) {
        public Settings {
            controllerArgs = List.copyOf(controllerArgs);
            directory = directory.toAbsolutePath().normalize();
        }
    }

    private LocalCluster(Settings settings, KubernetesSerialization models, CompletableFuture<BroughtAlong> own) {
        this.settings = settings;
        parts.push(DirectoryLock.take(settings.directory()));
        ClusterAddresses addresses = claimAddresses();
        String kubeletToken = secret();
        this.api = ApiServer.start(new ApiServerSettings(
                settings.listeners().api,
                settings.directory(),
                settings.ephemeral(),
                addresses.serviceCidr(),
                kubeletToken,
                InstantSource.system(),
                () -> own.join().definitions()));
        parts.push(api);
        Config config = KubernetesAccess.read(api.kubeconfig());
        ClusterClients clients = new ClusterClients(models, new DirectHttp(api.direct()));
        this.client = clients.open(config);
        parts.push(client);
        this.gateway = new GatewayImage(
                settings.listeners().http,
                settings.listeners().https,
                settings.listeners().metrics,
                settings.accessLog(),
                clients);
        this.consoleSocket = listenForConsole();
        parts.push(consoleSocket);
        this.consoleKey = new OneTimeKey(
                key -> ConsoleLink.write(settings.directory(), ConsoleLink.of(consoleSocket.address(), key)));
        Person person = new Person(System.getProperty("user.name"), client, false);
        this.console = new ConsoleImage(consoleSocket, new Owner(person, consoleKey), clients);
        parts.push(Machine.start(machine(clients, config, addresses, new AccessToken(kubeletToken))));
    }

    /**
     * @throws UserError when it cannot be, in words for the person who asked for it
     */
    public static LocalCluster start(Settings settings) throws InterruptedException {
        KubernetesSerialization models = ApiModels.make();
        // Reading takes a while, and nobody needs it before the store is open.
        CompletableFuture<BroughtAlong> own =
                CompletableFuture.supplyAsync(() -> BroughtAlong.fromTheStart(models), Thread::startVirtualThread);
        LocalCluster cluster = new LocalCluster(settings, models, own);
        try {
            cluster.furnish(own.join());
            return cluster;
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * A cluster on free ports that keeps nothing.
     *
     * @param controllerArgs come after those of the controller's Pod
     */
    public static LocalCluster throwAway(Path directory, List<String> controllerArgs) throws InterruptedException {
        return start(new Settings(directory, true, Listeners.anywhere(), Form.OFF, new PodOptions(), controllerArgs));
    }

    private void furnish(BroughtAlong own) throws InterruptedException {
        Manifests manifests = new Manifests(client);
        manifests.apply(own.objects(), "deploy/");
        if (!gateway.awaitReady(PATIENCE)) {
            throw new UserError("the gateway was not ready within " + PATIENCE.toSeconds()
                    + " s; see: kubectl --kubeconfig " + kubeconfig() + " -n linnet-system describe pods");
        }
        manifests.apply(own.later(), "deploy/");
        PortsFile.write(settings.directory().resolve("ports.json"), this);
        Thread doorman = Thread.ofVirtual().name("console-doorman").start(this::openConsole);
        parts.push(() -> {
            doorman.interrupt();
            doorman.join(PATIENCE);
        });
    }

    private HostSocket listenForConsole() {
        try {
            return HostSocket.open(settings.listeners().console);
        } catch (IOException e) {
            throw new UserError(
                    "cannot listen on " + HostPort.text(settings.listeners().console) + ": " + e.getMessage()
                            + " (expected: a free port; --console 127.0.0.1:0 takes any)",
                    e);
        }
    }

    /** With the first who wants to see it, so that nobody else pays for it; at once where its Pod is already known from earlier. */
    private void openConsole() {
        try {
            if (!hasConsole() && !consoleSocket.awaitVisitor(AT_REST)) {
                rehearseConsole();
                consoleSocket.awaitVisitor();
            }
            if (!Thread.currentThread().isInterrupted()) {
                new Manifests(client).applyOwn("/deploy/console.yaml");
                console.open();
            }
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("The console could not be started");
        }
    }

    /** So that the first visitor finds its classes loaded. After the start, of which it would only take time. */
    private void rehearseConsole() {
        try {
            ConsoleRehearsal.play(client);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("The console could not be rehearsed");
        }
    }

    private boolean hasConsole() {
        return client.apps()
                        .deployments()
                        .inNamespace("linnet-system")
                        .withName("linnet-console")
                        .get()
                != null;
    }

    /** Applies a manifest file or the files of a folder. */
    void apply(Path manifests) {
        new Manifests(client).apply(manifests);
    }

    /** Applies manifests that this program brings along. */
    void applyOwn(String resource) {
        new Manifests(client).applyOwn(resource);
    }

    /** The range that this directory had before, if it is free: its stored Services have their addresses there. */
    private ClusterAddresses claimAddresses() {
        Path remembered = settings.directory().resolve("addresses");
        ClusterAddresses addresses = claim(RememberedNumber.read(remembered));
        parts.push(addresses);
        RememberedNumber.write(remembered, addresses.number());
        if (addresses.lowPorts().firstFree() > 0) {
            notes.add("ports below " + addresses.lowPorts().firstFree()
                    + " need root here: Pods and Services listen on 20000 + port instead");
        }
        return addresses;
    }

    private ClusterAddresses claim(OptionalInt remembered) {
        try {
            return ClusterAddresses.claim(remembered, settings.pods().network().podRange());
        } catch (IllegalStateException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private MachineSettings machine(
            ClusterClients clients, Config config, ClusterAddresses addresses, AccessToken kubeletToken) {
        Map<String, BuiltInImage> images = new HashMap<>();
        Samples.all().stream().map(SampleImage::new).forEach(image -> images.put(image.name(), image));
        LoadTesterImage loadTester = new LoadTesterImage(clients);
        images.put(loadTester.name(), loadTester);
        ControllerImage controller = new ControllerImage(settings.controllerArgs(), clients);
        LinnetImage linnet = new LinnetImage(
                Map.of("gateway", gateway, "controller", controller, "console", console, "loadtester", loadTester));
        images.put(linnet.name(), linnet);
        NodeSettings nodes = new NodeSettings(
                settings.pods().nodes(),
                settings.directory().resolve("pods"),
                kubeletToken,
                settings.pods().images(images),
                DrainTimes.usual(),
                settings.pods().network().egress());
        return new MachineSettings(
                config,
                new KubernetesClientBuilder()
                        .withKubernetesSerialization(clients.models())
                        .withHttpClientFactory(clients.http()),
                List.of(
                        Scheduler::new,
                        bench ->
                                new ServiceProxy(bench, addresses, nodes.nodes().size()),
                        bench -> new NodeAgent(bench, addresses, nodes)));
    }

    private static String secret() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    public Path directory() {
        return settings.directory();
    }

    public Path kubeconfig() {
        return api.kubeconfig();
    }

    public String apiUrl() {
        return api.url();
    }

    /** Where the gateway really listens on the host. */
    public InetSocketAddress http() {
        return gateway.http();
    }

    /** Where the gateway really listens on the host for TLS. */
    public InetSocketAddress https() {
        return gateway.https();
    }

    /** Where the gateway's numbers are. */
    public InetSocketAddress metrics() {
        return gateway.metrics();
    }

    /** Where the console is. */
    public InetSocketAddress console() {
        return consoleSocket.address();
    }

    /** The link that lets the person at this machine in, once. */
    String consoleLink() {
        return ConsoleLink.of(consoleSocket.address(), consoleKey.current());
    }

    public KubernetesClient client() {
        return client;
    }

    /** What a person should know once. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** Ends everything, the last started first. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("linnet: " + part.getClass().getSimpleName() + " did not close: " + e);
            }
        }
    }
}
