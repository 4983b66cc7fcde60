package dev.linnet.manifests.endpoints;

import dev.linnet.routing.policy.Addresses;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What of an EndpointSlice counts: addresses that may serve now, and TCP ports. A slice that differs only in what does not
 * count here has an equal reading.
 */
public record SliceReading(String name, ServiceName service, List<Port> ports, List<Address> ready) {
    public static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private static final int LAST_PORT = 65_535;

    public SliceReading {
        ports = List.copyOf(ports);
        ready = List.copyOf(ready);
    }

    /** A port of all addresses of the slice; {@code name} is empty if it has none. */
    public record Port(String name, int number) {}

    /** A literal IP address and {@code namespace/name} of the Pod that has it, empty if unknown. */
    public record Address(String ip, String pod) {}

    /** Empty for a slice that belongs to no Service, or holds names instead of addresses. */
    public static Optional<SliceReading> of(EndpointSlice slice) {
        if ("FQDN".equals(slice.getAddressType())) {
            return Optional.empty();
        }
        ObjectMeta meta = slice.getMetadata();
        return Optional.ofNullable(meta.getLabels())
                .map(labels -> labels.get(SERVICE_LABEL))
                .map(service -> new SliceReading(
                        meta.getName(), new ServiceName(meta.getNamespace(), service), ports(slice), ready(slice)));
    }

    /** Those that have a reading. */
    public static List<SliceReading> all(Collection<EndpointSlice> slices) {
        return slices.stream().flatMap(slice -> of(slice).stream()).toList();
    }

    /** Where its first port is served over HTTP now. Anybody can write into a slice of their own what is no address or no port: it is left out. */
    public List<URI> urls() {
        return ports.stream()
                .limit(1)
                .filter(port -> port.number() > 0 && port.number() <= LAST_PORT)
                .flatMap(port -> ready.stream()
                        .map(Address::ip)
                        .filter(ip -> Addresses.parse(ip).isPresent())
                        .map(ip -> URI.create(
                                "http://" + (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port.number())))
                .toList();
    }

    private static List<Port> ports(EndpointSlice slice) {
        return orEmpty(slice.getPorts()).stream()
                .filter(port -> port.getProtocol() == null || port.getProtocol().equals("TCP"))
                .filter(port -> port.getPort() != null)
                .map(SliceReading::port)
                .toList();
    }

    private static Port port(EndpointPort port) {
        return new Port(Optional.ofNullable(port.getName()).orElse(""), port.getPort());
    }

    private static List<Address> ready(EndpointSlice slice) {
        return orEmpty(slice.getEndpoints()).stream()
                .filter(SliceReading::isReady)
                .flatMap(endpoint ->
                        orEmpty(endpoint.getAddresses()).stream().map(ip -> new Address(ip, pod(slice, endpoint))))
                .toList();
    }

    /** Unset means ready (API of EndpointSlice). What terminates is not ready, so it leaves at once. */
    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || endpoint.getConditions().getReady() == null
                || endpoint.getConditions().getReady();
    }

    private static String pod(EndpointSlice slice, Endpoint endpoint) {
        return Optional.ofNullable(endpoint.getTargetRef())
                .filter(target -> "Pod".equals(target.getKind()))
                .map(target -> namespace(slice, target) + "/" + target.getName())
                .orElse("");
    }

    private static String namespace(EndpointSlice slice, ObjectReference target) {
        return Optional.ofNullable(target.getNamespace())
                .orElseGet(() -> slice.getMetadata().getNamespace());
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return Optional.ofNullable(list).orElseGet(List::of);
    }
}
