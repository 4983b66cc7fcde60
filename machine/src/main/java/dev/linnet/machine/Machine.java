package dev.linnet.machine;

import dev.linnet.machine.autoscaling.AutoscalerController;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Informers;
import dev.linnet.machine.control.RootCertificate;
import dev.linnet.machine.daemonset.DaemonSetController;
import dev.linnet.machine.deployment.DeploymentController;
import dev.linnet.machine.endpoints.EndpointSliceController;
import dev.linnet.machine.endpoints.EndpointsController;
import dev.linnet.machine.garbage.GarbageCollector;
import dev.linnet.machine.namespace.NamespaceController;
import dev.linnet.machine.namespace.ServiceAccountController;
import dev.linnet.machine.replicaset.ReplicaSetController;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that makes a cluster of one machine out of a Kubernetes API: controllers, and whatever parts the settings add. It is
 * an ordinary client of that API, which may be any.
 */
public final class Machine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Machine.class);

    private final KubernetesClient client;
    private final ExecutorService clientThreads;
    private final List<Part> started = new ArrayList<>();

    private Machine(MachineSettings settings) {
        this.clientThreads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("machine-api-", 0).factory());
        this.client = settings.clients()
                .withConfig(asMachine(settings.api()))
                .withTaskExecutor(this::runForClient)
                .build();
    }

    /** What the client still wants to do once all has ended is of no use to anyone. */
    private void runForClient(Runnable task) {
        try {
            clientThreads.execute(task);
        } catch (RejectedExecutionException _) {
            log.atTrace().log("Dropped a task of the closed client");
        }
    }

    /**
     * Watches go over plain HTTP, on any server: one path that is always the tested one. The name is what managedFields shows; tools that compare
     * objects leave out what belongs to it.
     */
    private static Config asMachine(Config api) {
        return new ConfigBuilder(api)
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(2)
                .withUserAgent("kube-controller-manager/linnet")
                .build();
    }

    /**
     * Starts everything and returns, without waiting until the cluster has settled.
     *
     * @throws RuntimeException when a part cannot start; what had started is closed again
     */
    public static Machine start(MachineSettings settings) {
        Machine machine = new Machine(settings);
        try {
            machine.startAll(settings);
            return machine;
        } catch (RuntimeException failure) {
            machine.close();
            throw failure;
        }
    }

    private void startAll(MachineSettings settings) {
        InstantSource clock = InstantSource.system();
        Informers informers = new Informers(client);
        Events events = new Events(client, clock);
        Workbench bench = new Workbench(client, informers, events, clock);
        List<Part> parts = new ArrayList<>(List.of(events, informers));
        // All are made before the informers start, because each says what it wants to watch.
        parts.addAll(controllers(bench, settings.api()));
        settings.parts().forEach(make -> parts.add(make.apply(bench)));
        // The last to be made: it shares the watches of all others.
        parts.add(new GarbageCollector(bench));
        for (Part part : parts) {
            started.add(part);
            part.start();
        }
    }

    private static List<Part> controllers(Workbench bench, Config api) {
        return List.of(
                new ServiceAccountController(bench, RootCertificate.of(api)),
                new DeploymentController(bench),
                new ReplicaSetController(bench),
                new DaemonSetController(bench),
                new EndpointSliceController(bench),
                new EndpointsController(bench),
                new AutoscalerController(bench),
                new NamespaceController(bench));
    }

    /** Ends all parts, the last started first, then the connections to the API. */
    @Override
    public void close() {
        for (Part part : started.reversed()) {
            try {
                part.close();
            } catch (RuntimeException failure) {
                log.atWarn().addKeyValue("part", part.name()).setCause(failure).log("Part did not close cleanly");
            }
        }
        started.clear();
        client.close();
        clientThreads.shutdownNow();
    }
}
