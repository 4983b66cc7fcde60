package dev.linnet.manifests.endpoints;

import dev.linnet.manifests.endpoints.ServiceReading.Port;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.ServiceRef;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which addresses serve a port of a Service (spec of ingress-nginx, §3.3). */
public final class EndpointResolver {
    private static final Comparator<Endpoint> BY_ADDRESS =
            Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port);

    private EndpointResolver() {}

    /**
     * Endpoints in a fixed order, so that equal sets are equal lists.
     *
     * @param problem why there can be none, if the Service is to blame. A missing Service is none: it may be on its way.
     */
    public record Resolution(List<Endpoint> endpoints, Optional<Problem> problem) {
        private static final Resolution NONE = new Resolution(List.of(), Optional.empty());
    }

    public static Resolution resolve(
            ServiceRef ref, Optional<ServiceReading> service, Collection<SliceReading> slices) {
        if (service.isEmpty()) {
            return Resolution.NONE;
        }
        if (service.get().external()) {
            return none(
                    ref,
                    Reason.NOT_OBEYED,
                    "spec.type",
                    "is ExternalName, which is not obeyed yet: its routes have no endpoints");
        }
        return service.get()
                .port(ref.port())
                .map(port -> new Resolution(endpoints(port, slices), Optional.empty()))
                .orElseGet(() -> none(ref, Reason.BAD_SERVICE, "spec.ports", noSuchPort(ref, service.get())));
    }

    private static Resolution none(ServiceRef ref, Reason reason, String path, String message) {
        ObjectRef object = new ObjectRef("Service", ref.namespace(), ref.name());
        return new Resolution(List.of(), Optional.of(new Problem(object, reason, path, message)));
    }

    private static String noSuchPort(ServiceRef ref, ServiceReading service) {
        List<String> ports = service.ports().stream().map(Port::toString).toList();
        if (ports.isEmpty()) {
            return "has no TCP port (expected: \"" + ref.port() + "\", for which Ingresses ask)";
        }
        return "has no TCP port \"" + ref.port() + "\" for the Ingresses that ask for it (expected: one of "
                + String.join(", ", ports) + ")";
    }

    private static List<Endpoint> endpoints(Port port, Collection<SliceReading> slices) {
        Map<String, Endpoint> byAddress = new LinkedHashMap<>();
        for (SliceReading slice : slices) {
            numbers(port, slice)
                    .forEach(number -> slice.ready().forEach(address -> {
                        Endpoint endpoint = new Endpoint(address.ip(), number, address.pod());
                        byAddress.merge(endpoint.toString(), endpoint, EndpointResolver::better);
                    }));
        }
        return byAddress.values().stream().sorted(BY_ADDRESS).toList();
    }

    /** Of two slices that hold the same address, the one that knows its Pod. */
    private static Endpoint better(Endpoint one, Endpoint other) {
        return one.pod().isEmpty() ? other : one;
    }

    private static IntStream numbers(Port port, SliceReading slice) {
        int[] named = slice.ports().stream()
                .filter(candidate -> port.name().isEmpty() || candidate.name().equals(port.name()))
                .mapToInt(SliceReading.Port::number)
                .toArray();
        return named.length > 0 ? IntStream.of(named) : numericTarget(port);
    }

    private static IntStream numericTarget(Port port) {
        boolean numeric = !port.target().isEmpty() && port.target().chars().allMatch(c -> c >= '0' && c <= '9');
        return numeric ? IntStream.of(Integer.parseInt(port.target())) : IntStream.empty();
    }
}
