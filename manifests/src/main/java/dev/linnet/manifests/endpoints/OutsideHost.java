package dev.linnet.manifests.endpoints;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Addresses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A host that is no Service of the cluster, and where it is found (Istio's ServiceEntry, spec §1.5).
 *
 * @param ports  that requests may ask for
 * @param places where it is found
 */
public record OutsideHost(List<ServiceReading.Port> ports, List<Place> places) {
    public OutsideHost {
        ports = List.copyOf(ports);
        places = List.copyOf(places);
    }

    /**
     * One machine, or as many as have its name.
     *
     * @param address literal, or a name that is looked up
     * @param ports   of its own, by the name of the host's; it has the host's where they are missing
     * @param labels  by which subsets have it
     */
    public record Place(String address, Map<String, Integer> ports, Map<String, String> labels) {
        public Place {
            ports = Map.copyOf(ports);
            labels = Map.copyOf(labels);
        }

        boolean isName() {
            return Addresses.parse(address).isEmpty();
        }

        private int port(ServiceReading.Port asked) {
            return ports.getOrDefault(asked.name(), Integer.parseInt(asked.target()));
        }
    }

    /** Whether requests can ask for this port. */
    public Optional<ServiceReading.Port> port(String spelled) {
        return spelled.equals(ServiceRef.FIRST_PORT)
                ? ports.stream().findFirst()
                : ports.stream()
                        .filter(port -> String.valueOf(port.number()).equals(spelled))
                        .findFirst();
    }

    /** The names that have to be looked up. */
    public Set<String> names() {
        return places.stream().filter(Place::isName).map(Place::address).collect(Collectors.toSet());
    }

    /**
     * Where a port of it, or of some of its places, is served, in a fixed order.
     *
     * @param addresses what is known of names
     */
    public List<Endpoint> endpoints(ServiceRef ref, Function<String, List<String>> addresses) {
        Optional<ServiceReading.Port> port = port(ref.port());
        List<Endpoint> found = new ArrayList<>();
        for (Place place : places) {
            if (port.isEmpty() || !(ref.subset().isAll() || ref.subset().takes(place.labels))) {
                continue;
            }
            List<String> at = place.isName() ? addresses.apply(place.address) : List.of(place.address);
            at.forEach(address -> found.add(new Endpoint(address, place.port(port.get()), "")));
        }
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port))
                .toList();
    }
}
