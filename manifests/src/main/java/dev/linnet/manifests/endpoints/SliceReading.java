package dev.linnet.manifests.endpoints;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/**
 * What of an EndpointSlice counts: addresses that may serve now, and TCP ports. A slice that differs only in what does not
 * count here has an equal reading.
 */
public record SliceReading(String name, ServiceName service, List<Port> ports, List<Address> ready) {
    public static final String SERVICE_LABEL = "kubernetes.io/service-name";

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
