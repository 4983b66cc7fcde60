package dev.linnet.machine.proxy;

import dev.linnet.machine.Part;
import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.event.EventRecorder;
import dev.linnet.machine.work.KeyQueue;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the ClusterIPs and NodePorts of all Services and follows their EndpointSlices. */
public final class ServiceProxy implements Part {

    private static final Logger log = LoggerFactory.getLogger(ServiceProxy.class);
    private static final EventRecorder.Source SOURCE = new EventRecorder.Source("kube-proxy", "");
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String BY_SERVICE = "service";
    private static final int CONNECTIONS = 16_384;

    /** A port that somebody else has is tried again after this. */
    private static final Duration RETRY = Duration.ofSeconds(15);

    private final LowPorts lowPorts;
    private final InstantSource clock;
    private final EventRecorder events;
    private final ServiceListener.Shared shared;
    private final SharedIndexInformer<Service> services;
    private final SharedIndexInformer<EndpointSlice> slices;
    private final KeyQueue<String> queue = new KeyQueue<>();
    private final Map<String, Map<Frontend, ServiceListener>> listeners = new HashMap<>();
    private final AtomicBoolean toldAboutLowPorts = new AtomicBoolean();
    private final Thread worker;

    /**
     * @param lowPorts which ports may be bound here
     * @param isPod    whether an address is a Pod's; a callee sees such a caller under its own address
     */
    public ServiceProxy(KubernetesClient client, LowPorts lowPorts, Predicate<InetAddress> isPod, InstantSource clock) {
        this.lowPorts = lowPorts;
        this.clock = clock;
        this.events = new EventRecorder(client, clock);
        this.shared = new ServiceListener.Shared(isPod, CONNECTIONS);
        this.services = client.services().inAnyNamespace().runnableInformer(0);
        this.slices = client.discovery().v1().endpointSlices().inAnyNamespace().runnableInformer(0);
        this.worker = Thread.ofVirtual().name("service-proxy").unstarted(this::work);
    }

    @Override
    public String name() {
        return "service-proxy";
    }

    @Override
    public void start() {
        slices.addIndexers(Map.of(BY_SERVICE, slice -> List.of(serviceOf(slice))));
        services.addEventHandler(onChange(ServiceProxy::key));
        slices.addEventHandler(onChange(ServiceProxy::serviceOf));
        services.exceptionHandler((started, failure) -> true);
        slices.exceptionHandler((started, failure) -> true);
        var _ = slices.start();
        var _ = services.start();
        worker.start();
    }

    private <T extends HasMetadata> ResourceEventHandler<T> onChange(Function<T, String> service) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T added) {
                queue.add(service.apply(added));
            }

            @Override
            public void onUpdate(T before, T after) {
                queue.add(service.apply(before));
                queue.add(service.apply(after));
            }

            @Override
            public void onDelete(T deleted, boolean finalStateUnknown) {
                queue.add(service.apply(deleted));
            }
        };
    }

    private static String key(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private static String serviceOf(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabels();
        String service = labels == null ? null : labels.get(SERVICE_LABEL);
        return slice.getMetadata().getNamespace() + "/" + (service == null ? "" : service);
    }

    private void work() {
        try {
            for (Optional<String> key = queue.take(); key.isPresent(); key = queue.take()) {
                follow(key.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Top of the loop: whatever is wrong with one Service must not stop the others. */
    private void follow(String key) {
        try {
            sync(key);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("service", key).setCause(e).log("Cannot follow Service");
            queue.add(key, RETRY);
        }
    }

    private void sync(String key) {
        Optional<Service> service = Optional.ofNullable(services.getIndexer().getByKey(key));
        Map<Frontend, Backends> wanted = service.map(
                        present -> ProxyRules.of(present, slices.getIndexer().byIndex(BY_SERVICE, key)))
                .orElse(Map.of());
        Map<Frontend, ServiceListener> present = listeners.computeIfAbsent(key, _ -> new HashMap<>());
        present.entrySet().removeIf(entry -> {
            boolean obsolete = !wanted.containsKey(entry.getKey());
            if (obsolete) {
                entry.getValue().close();
                log.atDebug()
                        .addKeyValue("service", key)
                        .addKeyValue("at", entry.getKey())
                        .log("Service closed");
            }
            return obsolete;
        });
        wanted.forEach((frontend, backends) -> {
            ServiceListener listener = present.get(frontend);
            if (listener != null) {
                listener.balancer().use(backends);
            } else {
                service.flatMap(owner -> open(owner, frontend, backends))
                        .ifPresent(opened -> present.put(frontend, opened));
            }
        });
        if (present.isEmpty()) {
            listeners.remove(key);
        }
    }

    private Optional<ServiceListener> open(Service service, Frontend frontend, Backends backends) {
        int port = lowPorts.realPort(frontend.port());
        if (port != frontend.port() && toldAboutLowPorts.compareAndSet(false, true)) {
            log.atInfo()
                    .addKeyValue("below", lowPorts.firstFree())
                    .log("Low ports of Services are listened on at 20000 + port: only root may bind them here");
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(frontend.address()), port);
        try {
            ServiceListener listener = ServiceListener.listen(address, new Balancer(backends, clock), shared);
            log.atDebug()
                    .addKeyValue("service", key(service))
                    .addKeyValue("at", address)
                    .log("Service open");
            return Optional.of(listener);
        } catch (IOException e) {
            String message = "Cannot listen on %s:%d for port %d: %s (another program may have it)"
                    .formatted(frontend.address(), port, frontend.port(), e.getMessage());
            events.tell(service, SOURCE, EventRecorder.Type.WARNING, "FailedToListen", message);
            queue.add(key(service), RETRY);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        services.stop();
        slices.stop();
        queue.close();
        join();
        listeners.values().forEach(ofService -> ofService.values().forEach(ServiceListener::close));
        listeners.clear();
        // Closing wakes their threads, which then end by themselves.
        for (SocketChannel connection : shared.open()) {
            Sockets.closeQuietly(connection);
        }
        events.close();
    }

    private void join() {
        try {
            if (worker.getState() != Thread.State.NEW && !worker.join(Duration.ofSeconds(2))) {
                worker.interrupt();
            }
        } catch (InterruptedException e) {
            worker.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
