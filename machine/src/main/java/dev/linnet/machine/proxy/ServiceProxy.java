package dev.linnet.machine.proxy;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.address.ClusterAddresses;
import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the ClusterIPs and NodePorts of all Services and follows their EndpointSlices. */
public final class ServiceProxy implements Part {
    private static final Logger log = LoggerFactory.getLogger(ServiceProxy.class);
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int CONNECTIONS = 16_384;
    /** Where people on this machine look for NodePorts. All clusters that run here share it. */
    private static final String HOST = "127.0.0.1";

    /** When a port that somebody else has is tried again. */
    private static final Duration RETRY = Duration.ofSeconds(15);

    private final LowPorts lowPorts;
    private final List<String> nodes = new ArrayList<>();
    private final InstantSource clock;
    private final Events.Recorder events;
    private final ServiceListener.Shared shared;
    private final Watched<Service> services;
    private final Watched<EndpointSlice> slices;
    private final ReconcileLoop<Key> loop;
    private final Map<Key, Map<Frontend, ServiceListener>> listeners = new HashMap<>();
    private final AtomicBoolean toldAboutLowPorts = new AtomicBoolean();

    /**
     * @param addresses a callee sees a caller that has a Pod's under its own
     * @param nodeCount how many nodes this machine has: NodePorts are open on the address of each
     */
    public ServiceProxy(Workbench bench, ClusterAddresses addresses, int nodeCount) {
        this.lowPorts = addresses.lowPorts();
        this.nodes.add(HOST);
        for (int node = 0; node < nodeCount; node++) {
            nodes.add(addresses.node(node).getHostAddress());
        }
        this.clock = bench.clock();
        this.events = bench.events().by("kube-proxy");
        this.shared = new ServiceListener.Shared(addresses.pods()::contains, new Connections(CONNECTIONS));
        this.services = bench.informers().of(Service.class);
        this.slices = bench.informers().of(EndpointSlice.class);
        // One worker: a Service that goes must leave its port before another one takes it.
        this.loop = new ReconcileLoop<>(name(), 1, List.of(services, slices), this::reconcile);
        services.onChange(service -> loop.touch(Key.of(service)));
        slices.onChange(slice -> loop.touch(serviceOf(slice)));
    }

    @Override
    public String name() {
        return "service-proxy";
    }

    @Override
    public void start() {
        loop.start();
    }

    private static Key serviceOf(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabels();
        String service = labels == null ? null : labels.get(SERVICE_LABEL);
        return new Key(slice.getMetadata().getNamespace(), service == null ? "" : service);
    }

    private Duration reconcile(Key key) {
        Optional<Service> service = services.get(key);
        Map<Frontend, Backends> wanted = service.map(present -> ProxyRules.of(present, slicesOf(key), nodes))
                .orElseGet(HashMap::new);
        wanted.entrySet().removeIf(rule -> isClosed(rule.getKey(), rule.getValue()));
        Map<Frontend, ServiceListener> present = listeners.computeIfAbsent(key, _ -> new HashMap<>());
        closeAllBut(wanted, present);
        boolean complete = true;
        for (Map.Entry<Frontend, Backends> rule : wanted.entrySet()) {
            complete &= listen(service.orElseThrow(), rule.getKey(), rule.getValue(), present);
        }
        if (present.isEmpty()) {
            listeners.remove(key);
        }
        return complete ? Reconciler.NOT_AGAIN : RETRY;
    }

    /** Where nobody serves, callers are refused as by a host without that port. On the host itself the port stays ours. */
    private static boolean isClosed(Frontend frontend, Backends backends) {
        return backends.ready().isEmpty() && !frontend.address().equals(HOST);
    }

    private List<EndpointSlice> slicesOf(Key service) {
        return slices.inNamespace(service.namespace()).stream()
                .filter(slice -> serviceOf(slice).equals(service))
                .toList();
    }

    private static void closeAllBut(Map<Frontend, Backends> wanted, Map<Frontend, ServiceListener> present) {
        present.entrySet().removeIf(entry -> {
            boolean obsolete = !wanted.containsKey(entry.getKey());
            if (obsolete) {
                entry.getValue().close();
            }
            return obsolete;
        });
    }

    /** False when the port cannot be had now. */
    private boolean listen(
            Service service, Frontend frontend, Backends backends, Map<Frontend, ServiceListener> present) {
        ServiceListener listener = present.get(frontend);
        if (listener != null) {
            listener.balancer().use(backends);
            return true;
        }
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral(frontend.address()), realPort(frontend.port()));
        try {
            present.put(frontend, ServiceListener.listen(address, new Balancer(backends, clock), shared));
            return true;
        } catch (IOException e) {
            events.warning(
                    service,
                    "FailedToListen",
                    "Cannot listen on %s:%d: %s (another program may have this port)"
                            .formatted(frontend.address(), address.getPort(), e.getMessage()));
            return false;
        }
    }

    private int realPort(int port) {
        int real = lowPorts.realPort(port);
        if (real != port && toldAboutLowPorts.compareAndSet(false, true)) {
            log.atInfo()
                    .addKeyValue("below", lowPorts.firstFree())
                    .addKeyValue("plus", LowPorts.SHIFT)
                    .log("Low ports of Services are moved up, because only root may bind them here");
        }
        return real;
    }

    @Override
    public void close() {
        loop.close();
        listeners.values().forEach(ofService -> ofService.values().forEach(ServiceListener::close));
        listeners.clear();
        shared.connections().closeAll();
    }
}
