package dev.linnet.console.traffic;

import dev.linnet.manifests.endpoints.GatewayServices;
import dev.linnet.manifests.endpoints.SliceReading;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which gateways there are, and by which token each may be asked. */
final class GatewayFinder {
    private static final Duration FOUND_FOR = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private final Gateways.Where where;
    private final InstantSource clock;
    private volatile Found inMeshes = new Found(Instant.EPOCH, List.of());

    /**
     * A gateway.
     *
     * @param mesh the namespace inside which it serves; empty for those at the edge
     */
    record Gateway(URI url, Trust trust, String mesh) {}

    /** Which of our tokens a gateway gets to see: in a namespace of somebody's, none that the API knows. */
    enum Trust {
        NONE,
        OURS,
        FOR_NUMBERS
    }

    private record Found(Instant until, List<Gateway> gateways) {}

    GatewayFinder(KubernetesClient client, Gateways.Where where, InstantSource clock) {
        this.client = client;
        this.where = where;
        this.clock = clock;
    }

    List<Gateway> atTheEdge() {
        List<Gateway> all = new ArrayList<>();
        where.urls().forEach(url -> all.add(new Gateway(url, Trust.NONE, "")));
        for (SliceReading slice : SliceReading.all(client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(where.namespace())
                .withLabel(SliceReading.SERVICE_LABEL, GatewayServices.EDGE)
                .list()
                .getItems())) {
            slice.urls().forEach(url -> all.add(new Gateway(url, Trust.OURS, "")));
        }
        return all;
    }

    /** Searched for in all namespaces, which is not done each second. */
    List<Gateway> inMeshes() {
        Instant now = clock.instant();
        Found before = inMeshes;
        if (before.until.isAfter(now)) {
            return before.gateways;
        }
        List<Gateway> all = new ArrayList<>();
        for (SliceReading slice : meshes()) {
            String namespace = slice.service().namespace();
            slice.urls().forEach(url -> all.add(new Gateway(url, Trust.FOR_NUMBERS, namespace)));
        }
        inMeshes = new Found(now.plus(FOUND_FOR), all);
        return all;
    }

    /** None for somebody whose kubeconfig does not let them look for any. */
    private List<SliceReading> meshes() {
        try {
            return SliceReading.all(client.discovery()
                    .v1()
                    .endpointSlices()
                    .inAnyNamespace()
                    .withLabel(SliceReading.SERVICE_LABEL, GatewayServices.INSIDE)
                    .list()
                    .getItems());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }

    /** What a gateway gets to see, which has the API look at it. */
    Optional<String> token(Gateway gateway) {
        return switch (gateway.trust()) {
            case NONE -> Optional.empty();
            case OURS -> {
                Config config = client.getConfiguration();
                yield Optional.ofNullable(config.getAutoOAuthToken())
                        .or(() -> Optional.ofNullable(config.getOauthToken()));
            }
            case FOR_NUMBERS -> where.numbersToken().flatMap(GatewayFinder::read);
        };
    }

    /** Anew each time, because it is renewed there. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException _) {
            return Optional.empty(); // on one machine nobody asks for it
        }
    }
}
