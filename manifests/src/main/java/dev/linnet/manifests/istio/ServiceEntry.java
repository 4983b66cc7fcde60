package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.endpoints.EndpointResolver;
import dev.linnet.manifests.endpoints.OutsideHost;
import dev.linnet.manifests.endpoints.OutsideHost.Place;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.routing.Problem;
import dev.linnet.routing.policy.Addresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A ServiceEntry, read: hosts to which VirtualServices may lead beside Services.
 *
 * @param hosts    by name, in lower case; those that cannot be found are left out
 * @param exportTo namespaces that may see it; empty for all
 */
record ServiceEntry(IstioObject object, Map<String, OutsideHost> hosts, Set<String> exportTo, List<Problem> problems) {
    private static final Set<String> HTTP2 = Set.of("HTTP2", "GRPC");
    private static final Set<String> HTTP = Set.of("HTTP", "HTTPS", "GRPC-WEB", "");

    ServiceEntry {
        hosts = Map.copyOf(hosts);
        exportTo = Set.copyOf(exportTo);
        problems = List.copyOf(problems);
    }

    boolean isVisibleIn(String namespace) {
        return exportTo.isEmpty() || exportTo.contains(namespace);
    }

    static ServiceEntry read(IstioObject object) {
        Author author = new Author(object.ref());
        JsonNode spec = object.spec();
        author.notObeyed(spec, "spec", "workloadSelector", "addresses", "subjectAltNames");
        List<ServiceReading.Port> ports = ports(spec, author);
        String resolution = spec.path("resolution").asText("NONE");
        Map<String, OutsideHost> hosts = new HashMap<>();
        boolean found = isFound(resolution, author);
        List<Place> places = places(spec, resolution, author);
        if (found && resolution.equals("STATIC") && spec.path("endpoints").isEmpty()) {
            author.mistake(
                    "spec.endpoints", "are missing, so nobody answers (expected: addresses, for resolution STATIC)");
        }
        int index = 0;
        for (String written : Author.texts(spec.path("hosts"))) {
            String host = written.toLowerCase(Locale.ROOT);
            String where = "spec.hosts[" + index++ + "]";
            if (!isHost(host)) {
                author.notObeyed(
                        where,
                        "is " + written
                                + ", to which no VirtualService can lead (expected: a whole name with dots, and none of the cluster's own)");
            } else if (found) {
                boolean itself = places.isEmpty() && !resolution.equals("STATIC");
                if (itself && EndpointResolver.isThisMachine(host)) {
                    author.mistake(where, "is " + written + ", which is the gateway itself");
                } else {
                    hosts.put(
                            host,
                            new OutsideHost(ports, itself ? List.of(new Place(host, Map.of(), Map.of())) : places));
                }
            }
        }
        return new ServiceEntry(
                object,
                hosts,
                VirtualServiceReader.exportTo(
                        spec.path("exportTo"), object.ref().namespace()),
                author.problems());
    }

    private static boolean isHost(String host) {
        return host.contains(".")
                && !host.contains("*")
                && Names.service(host, "").isEmpty();
    }

    private static boolean isFound(String resolution, Author author) {
        return switch (resolution) {
            case "STATIC", "DNS", "DNS_ROUND_ROBIN" -> true;
            default -> {
                author.notObeyed(
                        "spec.resolution",
                        "is " + resolution
                                + ", which leaves the address to the caller, and callers have the gateway's: nobody answers (expected: STATIC or DNS)");
                yield false;
            }
        };
    }

    private static List<ServiceReading.Port> ports(JsonNode spec, Author author) {
        List<ServiceReading.Port> ports = new ArrayList<>();
        for (JsonNode port : spec.path("ports")) {
            String where = "spec.ports[" + ports.size() + "]";
            int number = port.path("number").asInt();
            String protocol = port.path("protocol").asText("").toUpperCase(Locale.ROOT);
            boolean http2 = HTTP2.contains(protocol);
            if (!http2 && !HTTP.contains(protocol)) {
                author.notObeyed(where + ".protocol", "is " + protocol + ": endpoints get HTTP/1.1 all the same");
            }
            int target = port.path("targetPort").asInt(0);
            ports.add(new ServiceReading.Port(
                    port.path("name").asText(""), number, String.valueOf(target == 0 ? number : target), http2));
        }
        if (ports.isEmpty()) {
            author.mistake("spec.ports", "are missing, so nobody answers (expected: one or more)");
        }
        return ports;
    }

    private static List<Place> places(JsonNode spec, String resolution, Author author) {
        List<Place> places = new ArrayList<>();
        int index = 0;
        for (JsonNode endpoint : spec.path("endpoints")) {
            String where = "spec.endpoints[" + index++ + "]";
            author.notObeyed(endpoint, where, "network", "locality", "weight");
            String address = endpoint.path("address").asText("").toLowerCase(Locale.ROOT);
            boolean literal = Addresses.parse(address).isPresent();
            boolean fits = literal || (!resolution.equals("STATIC") && EndpointResolver.isName(address));
            if (!fits || EndpointResolver.isThisMachine(address)) {
                author.mistake(
                        where + ".address",
                        "is \"" + address + "\", which is left out (expected: an address"
                                + (resolution.equals("STATIC") ? "" : " or DNS name") + " of another machine)");
                continue;
            }
            Map<String, Integer> ports = new HashMap<>();
            endpoint.path("ports")
                    .properties()
                    .forEach(port -> ports.put(port.getKey(), port.getValue().asInt()));
            places.add(new Place(address, ports, MatchReader.labels(endpoint.path("labels"))));
        }
        return places;
    }
}
