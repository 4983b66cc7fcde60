package dev.linnet.controller.metrics;

import dev.linnet.manifests.endpoints.GatewayServices;
import dev.linnet.manifests.endpoints.SliceReading;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where gateways are: named, or found through their Services. */
final class GatewayPlaces {
    private static final Duration RECENT = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private final Gateways.Where where;
    private final InstantSource clock;
    private volatile Found last = new Found(Instant.MIN, List.of());

    /**
     * A gateway that there should be.
     *
     * @param url    of its numbers
     * @param inside the namespace whose Services it serves inside the cluster; empty for one at the edge
     */
    record Place(URI url, Optional<String> inside) {}

    private record Found(Instant at, List<Place> places) {}

    GatewayPlaces(KubernetesClient client, Gateways.Where where, InstantSource clock) {
        this.client = client;
        this.where = where;
        this.clock = clock;
    }

    /** All that there were a few seconds ago: who counts every second need not ask the API as often. */
    List<Place> recent() {
        Found known = last;
        Duration age = Duration.between(known.at, clock.instant());
        return age.compareTo(RECENT) < 0 ? known.places : now();
    }

    /** All that there are. */
    List<Place> now() {
        Instant at = clock.instant();
        List<Place> places = new ArrayList<>();
        where.urls().forEach(url -> places.add(new Place(url, Optional.empty())));
        for (SliceReading slice : SliceReading.all(client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(where.namespace())
                .withLabel(SliceReading.SERVICE_LABEL, GatewayServices.EDGE)
                .list()
                .getItems())) {
            slice.urls().forEach(url -> places.add(new Place(url, Optional.empty())));
        }
        for (SliceReading slice : SliceReading.all(client.discovery()
                .v1()
                .endpointSlices()
                .inAnyNamespace()
                .withLabel(SliceReading.SERVICE_LABEL, GatewayServices.INSIDE)
                .list()
                .getItems())) {
            Optional<String> inside = Optional.of(slice.service().namespace());
            slice.urls().forEach(url -> places.add(new Place(url, inside)));
        }
        List<Place> found = places.stream().distinct().toList();
        last = new Found(at, found);
        return found;
    }
}
