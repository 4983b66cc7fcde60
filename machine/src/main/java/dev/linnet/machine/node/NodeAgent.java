package dev.linnet.machine.node;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.address.ClusterAddresses;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import dev.linnet.machine.node.Surroundings.Home;
import dev.linnet.machine.node.command.Processes;
import dev.linnet.machine.node.http.AgentServer;
import dev.linnet.machine.node.log.LogEndpoint;
import dev.linnet.machine.node.log.LogLookup;
import dev.linnet.machine.node.log.LogStore;
import dev.linnet.machine.node.probe.Prober;
import dev.linnet.machine.node.spec.Folders;
import dev.linnet.machine.node.stats.MeasuredContainer;
import dev.linnet.machine.node.stats.Meter;
import dev.linnet.machine.node.stats.StatsEndpoint;
import dev.linnet.machine.node.stats.Usage;
import dev.linnet.machine.node.status.ContainerView;
import dev.linnet.machine.node.stream.PodAccess;
import dev.linnet.machine.node.stream.StreamEndpoint;
import dev.linnet.machine.podproxy.PodProxies;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What kubelet is to a node, for all nodes of this machine: registers them and runs the Pods that are bound to them. */
public final class NodeAgent implements Part {
    private static final Logger log = LoggerFactory.getLogger(NodeAgent.class);
    /** What Pods get to end when the machine stops; they are told to be done earlier. */
    private static final Duration PATIENCE_AT_END = Duration.ofMillis(4_200);

    private final NodeSettings settings;
    private final Surroundings surroundings;
    private final Processes processes;
    private final Watched<Pod> pods;
    private final ReconcileLoop<Key> loop;
    private final AgentServer server;
    private final ContentChanges contents;
    private final Map<String, Home> homes = new LinkedHashMap<>();
    private final Map<Key, PodRunner> runners = new ConcurrentHashMap<>();
    private volatile Optional<Thread> formerNodes = Optional.empty();
    private final List<NodeRegistration> registrations = new ArrayList<>();
    /** Also those whose Pods the API has forgotten. */
    private final Set<PodRunner> running = ConcurrentHashMap.newKeySet();

    private final Map<String, InetAddress> reserved = new HashMap<>();
    private boolean takenOver;

    public NodeAgent(Workbench bench, ClusterAddresses addresses, NodeSettings settings) {
        this.settings = settings;
        this.pods = bench.informers().of(Pod.class);
        Watched<Service> services = bench.informers().of(Service.class);
        Watched<EndpointSlice> slices = bench.informers().of(EndpointSlice.class);
        LogStore logs = new LogStore(uid -> Surroundings.folder(settings, uid).resolve("logs"), bench.clock());
        this.processes = new Processes(Surroundings.folder(settings));
        PodProxies proxies = new PodProxies(bench, addresses, settings.egress());
        this.surroundings = new Surroundings(
                bench.client(), services, slices, addresses, proxies, logs, processes, settings, bench.clock());
        this.server = new AgentServer(
                settings.token()::isSameAs,
                new LogEndpoint(logs, this::findLog, bench.clock()),
                new StreamEndpoint(this::findPod),
                new StatsEndpoint(new Meter(this::usage, bench.clock(), Thread::sleep), this::nodeAt));
        int index = 0;
        for (LocalNode node : settings.nodes()) {
            InetAddress address = addresses.node(index++);
            homes.put(
                    node.name(),
                    new Home(node.name(), address, bench.events().by("kubelet", node.name()), new Prober(address)));
        }
        this.contents = new ContentChanges(
                bench.informers(),
                key -> inNamespace(key.namespace()).forEach(runner -> runner.configMapChanged(key.name())),
                key -> inNamespace(key.namespace()).forEach(runner -> runner.secretChanged(key.name())));
        this.loop = new ReconcileLoop<>(name(), 1, List.of(pods, services, slices), this::reconcile);
        pods.onChange(pod -> loop.touch(Key.of(pod)));
    }

    @Override
    public String name() {
        return "node-agent";
    }

    @Override
    public void start() {
        try {
            Folders.createPrivate(settings.directory());
            List<InetAddress> addresses =
                    homes.values().stream().map(Home::address).toList();
            List<InetSocketAddress> listening = server.start(addresses);
            for (int i = 0; i < listening.size(); i++) {
                registrations.add(new NodeRegistration(
                        surroundings.client(), settings.nodes().get(i), listening.get(i), surroundings.clock()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The node agent cannot start: " + e.getMessage(), e);
        }
        FormerNodes former = new FormerNodes(surroundings.client(), homes.keySet());
        formerNodes = Optional.of(Thread.ofVirtual().name("former nodes").start(former::remove));
        registrations.forEach(NodeRegistration::start);
        loop.start();
        contents.start();
    }

    private Stream<PodRunner> inNamespace(String namespace) {
        return runners.entrySet().stream()
                .filter(entry -> entry.getKey().namespace().equals(namespace))
                .map(Map.Entry::getValue);
    }

    private Duration reconcile(Key key) {
        if (!takenOver) {
            takenOver = true;
            reserveAddresses();
            deleteLeftOvers();
        }
        Optional<Pod> pod = pods.get(key).filter(this::isOurs);
        PodRunner runner = runners.get(key);
        if (runner != null && pod.filter(present -> isSame(present, runner)).isEmpty()) {
            runner.end(PodRunner.End.GONE);
            runners.remove(key);
        }
        pod.ifPresent(present -> follow(key, present));
        return Reconciler.NOT_AGAIN;
    }

    private boolean isOurs(Pod pod) {
        String node = pod.getSpec().getNodeName();
        return node != null && homes.containsKey(node);
    }

    private static boolean isSame(Pod pod, PodRunner runner) {
        return pod.getMetadata().getUid().equals(runner.uid());
    }

    private void follow(Key key, Pod pod) {
        runners.computeIfAbsent(key, _ -> {
                    Optional<InetAddress> address = Optional.ofNullable(
                            reserved.remove(pod.getMetadata().getUid()));
                    PodRunner runner = new PodRunner(surroundings, homeOf(pod), pod, address, running::remove);
                    running.add(runner);
                    runner.start();
                    return runner;
                })
                .update(pod);
    }

    private Home homeOf(Pod pod) {
        Home home = homes.get(pod.getSpec().getNodeName());
        if (home == null) {
            throw new IllegalStateException(Key.of(pod) + " is not on a node of this machine");
        }
        return home;
    }

    /** Before any Pod can take a new address: those of a former process keep theirs, where requests may still go. */
    private void reserveAddresses() {
        for (Pod pod : pods.all()) {
            if (isOurs(pod) && pod.getStatus() != null && pod.getStatus().getPodIP() != null) {
                surroundings
                        .addresses()
                        .pods()
                        .take(pod.getStatus().getPodIP())
                        .ifPresent(address -> reserved.put(pod.getMetadata().getUid(), address));
            }
        }
    }

    /** What a former process has left behind on disk is deleted, except that of Pods that still exist. */
    private void deleteLeftOvers() {
        Set<String> uids =
                pods.all().stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        Path folder = Surroundings.folder(settings);
        if (!Files.isDirectory(folder)) {
            return;
        }
        processes.killLeftOvers();
        try (Stream<Path> leftBehind = Files.list(folder)) {
            leftBehind
                    .filter(pod -> !uids.contains(pod.getFileName().toString()))
                    .forEach(PodEnding::deleteFolder);
        } catch (IOException e) {
            log.atWarn().addKeyValue("folder", folder).setCause(e).log("Cannot look for what is left over");
        }
    }

    private LogLookup.Answer findLog(String namespace, String pod, String container) {
        PodRunner runner = runners.get(new Key(namespace, pod));
        if (runner == null) {
            return new LogLookup.Unknown("pod \"" + pod + "\" not found");
        }
        Optional<ContainerView> view = runner.view(container);
        if (view.isEmpty()) {
            return new LogLookup.Unknown("container \"" + container + "\" in pod \"" + pod + "\" not found");
        }
        return runner.logOf(view.get());
    }

    private Map<MeasuredContainer, Usage> usage() {
        Map<Path, Usage> used = processes.usage();
        Map<MeasuredContainer, Usage> usage = new HashMap<>();
        running.forEach(runner -> usage.putAll(runner.measured(used)));
        return usage;
    }

    private Optional<String> nodeAt(String address) {
        return homes.values().stream()
                .filter(home -> home.address().getHostAddress().equals(address))
                .map(Home::node)
                .findFirst();
    }

    private Optional<PodAccess> findPod(String namespace, String pod) {
        return Optional.ofNullable(runners.get(new Key(namespace, pod)))
                .flatMap(runner -> runner.address().map(address -> new ReachablePod(runner, address, surroundings)));
    }

    @Override
    public void close() {
        loop.close();
        contents.close();
        formerNodes.ifPresent(Thread::interrupt);
        registrations.forEach(NodeRegistration::close);
        running.forEach(runner -> runner.end(PodRunner.End.CLOSING));
        long deadline = System.nanoTime() + PATIENCE_AT_END.toNanos();
        for (PodRunner runner : running) {
            awaitEnd(runner, deadline);
        }
        processes.close();
        server.close();
    }

    private static void awaitEnd(PodRunner runner, long deadline) {
        try {
            if (!runner.awaitEnd(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                runner.hurry();
            }
        } catch (InterruptedException e) {
            runner.hurry();
            Thread.currentThread().interrupt();
        }
    }
}
