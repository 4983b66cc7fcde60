package dev.linnet.console.traffic;

import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What gateways tell of themselves, as any client would read it: found through their Service, or named. */
public final class Gateways implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final String SERVICE = "linnet-gateway-metrics";

    private final KubernetesClient client;
    private final Where where;
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

    /** What a gateway answered. */
    public record Answer(int status, String body) {}

    public Gateways(KubernetesClient client, Where where) {
        this.client = client;
        this.where = where;
    }

    /** What each that answers has counted. */
    public List<Snapshot> count() throws InterruptedException {
        List<Snapshot> all = new ArrayList<>();
        for (URI gateway : urls()) {
            get(gateway, "/linnet/v1/snapshot")
                    .filter(answer -> answer.status() == 200)
                    .ifPresent(answer -> all.add(SnapshotJson.read(answer.body())));
        }
        return all;
    }

    /** The same question to all; the answers of those that answer 200. */
    public List<String> ask(String pathAndQuery) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (URI gateway : urls()) {
            get(gateway, pathAndQuery)
                    .filter(answer -> answer.status() == 200)
                    .ifPresent(answer -> all.add(answer.body()));
        }
        return all;
    }

    /** What the first one that answers says, whatever it is: all have the same routes. */
    public Optional<Answer> askOne(String pathAndQuery) throws InterruptedException {
        for (URI gateway : urls()) {
            Optional<Answer> answer = get(gateway, pathAndQuery);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    private Optional<Answer> get(URI gateway, String pathAndQuery) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve(pathAndQuery)).timeout(DEADLINE);
        if (!where.urls().contains(gateway)) {
            token().ifPresent(own -> request.header("Authorization", "Bearer " + own));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return Optional.of(new Answer(answer.statusCode(), answer.body()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ours, which gateways of the same cluster have the API look at. It is told to nobody else. */
    private Optional<String> token() {
        Config config = client.getConfiguration();
        return Optional.ofNullable(config.getAutoOAuthToken()).or(() -> Optional.ofNullable(config.getOauthToken()));
    }

    private List<URI> urls() {
        List<URI> urls = new ArrayList<>(where.urls());
        for (EndpointSlice slice : client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(where.namespace())
                .withLabel("kubernetes.io/service-name", SERVICE)
                .list()
                .getItems()) {
            int port =
                    slice.getPorts().isEmpty() ? 0 : slice.getPorts().getFirst().getPort();
            slice.getEndpoints().stream()
                    .filter(Gateways::isReady)
                    .forEach(endpoint -> urls.add(
                            URI.create("http://" + endpoint.getAddresses().getFirst() + ":" + port)));
        }
        return urls;
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
