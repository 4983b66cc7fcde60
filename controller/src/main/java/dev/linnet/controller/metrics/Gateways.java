package dev.linnet.controller.metrics;

import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Our gateways' own numbers, at the edge and inside the cluster, as any client would read them: found through their Services, or named. */
public final class Gateways implements AutoCloseable {
    /** Of tokens that open nothing but gateways' numbers. */
    public static final String AUDIENCE = "linnet.dev/numbers";

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final String SERVICE = "linnet-gateway-metrics";
    private static final String SERVICE_INSIDE = "linnet-mesh-metrics";
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final KubernetesClient client;
    private final Where where;
    private final Supplier<Optional<String>> numbersToken;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(DEADLINE).build();

    /**
     * Where gateways are.
     *
     * @param namespace of their Service
     * @param urls      of gateways that are not found through it
     */
    public record Where(String namespace, List<URI> urls) {
        public Where {
            urls = List.copyOf(urls);
        }
    }

    /**
     * Asks nobody yet.
     *
     * @param numbersToken of {@link #AUDIENCE}, for gateways inside the cluster: those run in namespaces of others, who could take their
     *                     place to get hold of a token
     */
    public Gateways(KubernetesClient client, Where where, Supplier<Optional<String>> numbersToken) {
        this.client = client;
        this.where = where;
        this.numbersToken = numbersToken;
    }

    /**
     * A gateway that there should be.
     *
     * @param inside   the namespace whose Services it serves inside the cluster; empty for one at the edge
     * @param snapshot what it has counted; empty if it does not answer
     */
    public record Answer(Optional<String> inside, Optional<Snapshot> snapshot) {}

    private record Place(URI url, Optional<String> inside) {}

    /** Asks all of them, at the same time. */
    public List<Answer> count() throws InterruptedException {
        Map<Place, CompletableFuture<HttpResponse<String>>> pending = new LinkedHashMap<>();
        places().forEach(place -> pending.put(place, http.sendAsync(request(place), BodyHandlers.ofString())));
        List<Answer> answers = new ArrayList<>();
        for (Map.Entry<Place, CompletableFuture<HttpResponse<String>>> each : pending.entrySet()) {
            Optional<HttpResponse<String>> answer = answer(each.getValue());
            // Who must not look inside is told so by all of them there, and need not wait for them.
            if (each.getKey().inside().isEmpty()
                    || answer.filter(Gateways::isRefusal).isEmpty()) {
                answers.add(new Answer(
                        each.getKey().inside(),
                        answer.filter(found -> found.statusCode() == 200)
                                .map(found -> believed(SnapshotJson.read(found.body()), each.getKey()))));
            }
        }
        return answers;
    }

    /** Somebody who has taken the place of a namespace's gateway can say what he likes of that namespace, and nothing of others. */
    private static Snapshot believed(Snapshot said, Place place) {
        if (place.inside().isEmpty()) {
            return said;
        }
        String own = place.inside().get() + "/";
        return new Snapshot(
                own + said.gateway(),
                said.started(),
                said.at(),
                said.applied(),
                said.series().stream()
                        .filter(series -> series.service().startsWith(own))
                        .toList());
    }

    private HttpRequest request(Place place) {
        HttpRequest.Builder request = HttpRequest.newBuilder(place.url().resolve("/linnet/v1/snapshot"))
                .timeout(DEADLINE);
        if (place.inside().isPresent()) {
            numbersToken.get().ifPresent(own -> request.header("Authorization", "Bearer " + own));
        } else if (!where.urls().contains(place.url())) {
            token().ifPresent(own -> request.header("Authorization", "Bearer " + own));
        }
        return request.build();
    }

    private static Optional<HttpResponse<String>> answer(CompletableFuture<HttpResponse<String>> pending)
            throws InterruptedException {
        try {
            return Optional.of(pending.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Optional.empty();
        } finally {
            pending.cancel(true);
        }
    }

    private static boolean isRefusal(HttpResponse<String> answer) {
        return answer.statusCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                || answer.statusCode() == HttpURLConnection.HTTP_FORBIDDEN;
    }

    /** Ours, which gateways of the same cluster have the API look at. It is told to nobody else. */
    private Optional<String> token() {
        Config config = client.getConfiguration();
        return Optional.ofNullable(config.getAutoOAuthToken()).or(() -> Optional.ofNullable(config.getOauthToken()));
    }

    /** All that there should be. */
    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        where.urls().forEach(url -> places.add(new Place(url, Optional.empty())));
        for (EndpointSlice slice : client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(where.namespace())
                .withLabel(SERVICE_LABEL, SERVICE)
                .list()
                .getItems()) {
            urls(slice).forEach(url -> places.add(new Place(url, Optional.empty())));
        }
        for (EndpointSlice slice : client.discovery()
                .v1()
                .endpointSlices()
                .inAnyNamespace()
                .withLabel(SERVICE_LABEL, SERVICE_INSIDE)
                .list()
                .getItems()) {
            Optional<String> inside = Optional.of(slice.getMetadata().getNamespace());
            urls(slice).forEach(url -> places.add(new Place(url, inside)));
        }
        return places;
    }

    private static List<URI> urls(EndpointSlice slice) {
        int port = slice.getPorts().isEmpty() ? 0 : slice.getPorts().getFirst().getPort();
        return slice.getEndpoints().stream()
                .filter(Gateways::isReady)
                .map(endpoint -> URI.create("http://" + endpoint.getAddresses().getFirst() + ":" + port))
                .toList();
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || Objects.requireNonNullElse(endpoint.getConditions().getReady(), true);
    }

    @Override
    public void close() {
        http.close();
    }
}
