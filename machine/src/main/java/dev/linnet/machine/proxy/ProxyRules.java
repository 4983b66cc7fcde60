package dev.linnet.machine.proxy;

import io.fabric8.kubernetes.api.model.ClientIPConfig;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.SessionAffinityConfig;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a Service and its EndpointSlices mean for the proxy. Pure; as kube-proxy reads them. */
final class ProxyRules {

    private static final Duration USUAL_AFFINITY = Duration.ofHours(3);

    private static final Comparator<InetSocketAddress> STABLE = Comparator.comparing(
                    (InetSocketAddress endpoint) -> endpoint.getAddress().getHostAddress())
            .thenComparingInt(InetSocketAddress::getPort);

    private ProxyRules() {}

    /**
     * What to listen on for this Service. Nothing for headless Services, external names and protocols other than TCP.
     *
     * @param nodes addresses at which NodePorts are
     */
    static Map<Frontend, Backends> of(Service service, Collection<EndpointSlice> slices, List<String> nodes) {
        Map<Frontend, Backends> rules = new LinkedHashMap<>();
        if (!hasListeners(service)) {
            return rules;
        }
        for (ServicePort port : service.getSpec().getPorts()) {
            if (!isTcp(port.getProtocol())) {
                continue;
            }
            Backends backends = backends(service, port, slices);
            for (String address : clusterAddresses(service)) {
                rules.put(new Frontend(address, port.getPort()), backends);
            }
            if (port.getNodePort() != null && port.getNodePort() > 0) {
                nodes.forEach(node -> rules.put(new Frontend(node, port.getNodePort()), backends));
            }
        }
        return rules;
    }

    private static boolean hasListeners(Service service) {
        return service.getMetadata().getDeletionTimestamp() == null
                && service.getSpec() != null
                && !"ExternalName".equals(service.getSpec().getType());
    }

    private static List<String> clusterAddresses(Service service) {
        String address = service.getSpec().getClusterIP();
        return address == null || address.isEmpty() || address.equals("None") ? List.of() : List.of(address);
    }

    private static Backends backends(Service service, ServicePort port, Collection<EndpointSlice> slices) {
        String name = Objects.requireNonNullElse(port.getName(), "");
        String fullName = service.getMetadata().getNamespace() + "/"
                + service.getMetadata().getName();
        return new Backends(fullName, name, endpoints(name, slices), affinity(service));
    }

    /** The ready ones. When there is none, those that still serve while they end: better than nobody. */
    private static List<InetSocketAddress> endpoints(String port, Collection<EndpointSlice> slices) {
        List<InetSocketAddress> ready = endpoints(port, slices, ProxyRules::isReady);
        return ready.isEmpty() ? endpoints(port, slices, ProxyRules::isServing) : ready;
    }

    private static List<InetSocketAddress> endpoints(
            String port, Collection<EndpointSlice> slices, Predicate<@Nullable EndpointConditions> wanted) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            Optional<Integer> number = portNumber(port, slice);
            if (number.isEmpty()) {
                continue;
            }
            for (Endpoint endpoint : slice.getEndpoints()) {
                if (wanted.test(endpoint.getConditions())
                        && !endpoint.getAddresses().isEmpty()) {
                    // Kubernetes says: consumers take the first address, the others are the same endpoint.
                    found.add(new InetSocketAddress(
                            InetAddress.ofLiteral(endpoint.getAddresses().getFirst()), number.get()));
                }
            }
        }
        return found.stream().distinct().sorted(STABLE).toList();
    }

    private static Optional<Integer> portNumber(String name, EndpointSlice slice) {
        for (EndpointPort port : slice.getPorts()) {
            if (name.equals(Objects.requireNonNullElse(port.getName(), ""))
                    && isTcp(port.getProtocol())
                    && port.getPort() != null) {
                return Optional.of(port.getPort());
            }
        }
        return Optional.empty();
    }

    /** Unknown is to be read as ready, says the API. */
    private static boolean isReady(@Nullable EndpointConditions conditions) {
        return conditions == null || !Boolean.FALSE.equals(conditions.getReady());
    }

    private static boolean isServing(@Nullable EndpointConditions conditions) {
        return conditions != null
                && Boolean.TRUE.equals(conditions.getServing())
                && Boolean.TRUE.equals(conditions.getTerminating());
    }

    private static Optional<Duration> affinity(Service service) {
        if (!"ClientIP".equals(service.getSpec().getSessionAffinity())) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(service.getSpec().getSessionAffinityConfig())
                .map(SessionAffinityConfig::getClientIP)
                .map(ClientIPConfig::getTimeoutSeconds)
                .map(Duration::ofSeconds)
                .orElse(USUAL_AFFINITY));
    }

    private static boolean isTcp(@Nullable String protocol) {
        return protocol == null || protocol.isEmpty() || protocol.equals("TCP");
    }
}
