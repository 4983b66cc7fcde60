package dev.linnet.machine.podproxy;

import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.podproxy.Destination.Inside;
import dev.linnet.machine.podproxy.Destination.Nowhere;
import dev.linnet.machine.podproxy.Destination.Outside;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what a name means to the Pods of a namespace, as cluster DNS and its search path do ({@code ndots:5}); after that
 * hosts of Ingresses, which outside of this machine some DNS server would know.
 */
final class ClusterNames {
    private static final String ZONE = ".svc.cluster.local";
    private static final List<String> SEARCH = List.of(ZONE, ".cluster.local", "");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*");
    /** An ExternalName may lead to another one, but not in a circle. */
    private static final int MAX_ALIASES = 8;

    private final ClusterView view;
    private final LowPorts lowPorts;
    private final Predicate<InetAddress> isOurs;
    private final Egress egress;
    private final IngressHosts ingressHosts;

    /** @param isOurs whether an address belongs to this cluster */
    ClusterNames(ClusterView view, LowPorts lowPorts, Predicate<InetAddress> isOurs, Egress egress) {
        this.view = view;
        this.lowPorts = lowPorts;
        this.isOurs = isOurs;
        this.egress = egress;
        this.ingressHosts = new IngressHosts(view);
    }

    /** @param namespace of the Pod that asks */
    Destination find(String namespace, String host, int port) {
        return find(namespace, host, port, MAX_ALIASES);
    }

    private Destination find(String namespace, String host, int port, int aliases) {
        if (ADDRESS.matcher(host).matches()) {
            return ofAddress(host, port);
        }
        Optional<Destination> service = ofService(namespace, host, port, aliases);
        if (service.isPresent()) {
            return service.get();
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.endsWith(".svc") || name.endsWith(".cluster.local")) {
            return new Nowhere(502, "there is no Service " + name + ", seen from namespace " + namespace);
        }
        return ingressHosts
                .find(name, port)
                .orElseGet(() -> outside(
                        name,
                        port,
                        " is neither a Service, seen from namespace " + namespace + ", nor an Ingress's host"));
    }

    private Destination ofAddress(String host, int port) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return new Nowhere(502, host + " is no address");
        }
        if (isOurs.test(address)) {
            return new Inside(host, List.of(new InetSocketAddress(address, lowPorts.realPort(port))));
        }
        if (address.isLoopbackAddress() && isNodePort(port)) {
            return new Inside(host, List.of(new InetSocketAddress(address, port)));
        }
        return outside(host, port, " is not an address of this cluster");
    }

    private boolean isNodePort(int port) {
        return view.services().stream()
                .flatMap(service -> service.getSpec().getPorts().stream())
                .anyMatch(each -> Objects.equals(each.getNodePort(), port));
    }

    private Destination outside(String host, int port, String whatItIsNot) {
        return egress.allowed()
                ? new Outside(host, port)
                : new Nowhere(403, host + whatItIsNot + ", and Pods here reach nothing else: " + egress.advice());
    }

    private Optional<Destination> ofService(String namespace, String host, int port, int aliases) {
        Stream<String> names = host.endsWith(".")
                ? Stream.of(host.substring(0, host.length() - 1))
                : Stream.concat(Stream.of("." + namespace + ZONE), SEARCH.stream())
                        .map(host::concat);
        return names.filter(name -> name.endsWith(ZONE))
                .map(name -> name.substring(0, name.length() - ZONE.length()).split("\\.", -1))
                .flatMap(labels -> named(labels, port, aliases).stream())
                .findFirst();
    }

    /** @param labels {@code name, namespace}, or {@code hostname, name, namespace} for one Pod of a headless Service */
    private Optional<Destination> named(String[] labels, int port, int aliases) {
        if (labels.length < 2 || labels.length > 3) {
            return Optional.empty();
        }
        Key key = new Key(labels[labels.length - 1], labels[labels.length - 2]);
        Optional<Service> service = view.service(key);
        if (labels.length == 3) {
            return service.filter(ClusterNames::isHeadless)
                    .map(_ -> pods(key, labels[0], port))
                    .filter(found -> !found.addresses().isEmpty())
                    .map(Destination.class::cast);
        }
        return service.map(found -> of(key, found, port, aliases));
    }

    private Destination of(Key key, Service service, int port, int aliases) {
        if ("ExternalName".equals(service.getSpec().getType())) {
            return aliases == 0
                    ? new Nowhere(502, "Service " + key + " is an alias that leads in a circle")
                    : find(key.namespace(), absolute(service.getSpec().getExternalName()), port, aliases - 1);
        }
        if (isHeadless(service)) {
            return pods(key, "", port);
        }
        String address = service.getSpec().getClusterIP();
        if (address == null || address.isEmpty()) {
            return new Nowhere(502, "Service " + key + " has no address yet");
        }
        List<Integer> ports = service.getSpec().getPorts().stream()
                .filter(each -> !"UDP".equals(each.getProtocol()))
                .map(ServicePort::getPort)
                .toList();
        if (!ports.contains(port)) {
            return new Nowhere(502, "Service " + key + " has no port " + port + " (it has: " + text(ports) + ")");
        }
        return new Inside(
                "Service " + key,
                List.of(new InetSocketAddress(InetAddress.ofLiteral(address), lowPorts.realPort(port))));
    }

    /** The name of an alias is never looked up along the search path. */
    private static String absolute(String name) {
        return name.endsWith(".") ? name : name + ".";
    }

    private static boolean isHeadless(Service service) {
        return "None".equals(service.getSpec().getClusterIP());
    }

    /** Where the name of a headless Service leads: to its Pods. Ports are not translated, because DNS knows no ports. */
    private Inside pods(Key key, String hostname, int port) {
        Set<InetSocketAddress> found = new LinkedHashSet<>();
        view.slices(key).stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(ClusterNames::isPublished)
                .filter(endpoint -> hostname.isEmpty() || hostname.equals(endpoint.getHostname()))
                .map(endpoint -> InetAddress.ofLiteral(endpoint.getAddresses().getFirst()))
                .forEach(address -> found.add(new InetSocketAddress(address, lowPorts.realPort(port))));
        return new Inside("headless Service " + key, List.copyOf(found));
    }

    private static boolean isPublished(Endpoint endpoint) {
        boolean ready = endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
        return ready && !endpoint.getAddresses().isEmpty();
    }

    private static String text(List<Integer> ports) {
        return String.join(", ", ports.stream().map(String::valueOf).toList());
    }
}
