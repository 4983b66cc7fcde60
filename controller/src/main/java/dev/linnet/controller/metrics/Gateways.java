package dev.linnet.controller.metrics;

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

/** Our gateways' own numbers, as any client would read them: found through their Service, or named. */
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

    public Gateways(KubernetesClient client, Where where) {
        this.client = client;
        this.where = where;
    }

    /**
     * What gateways have counted.
     *
     * @param expected how many there should be
     * @param answers  of those that answered
     */
    public record Count(int expected, List<Snapshot> answers) {
        public Count {
            answers = List.copyOf(answers);
        }

        /** Whether all have answered. */
        public boolean isWhole() {
            return answers.size() == expected;
        }
    }

    /** Asks each. */
    public Count count() throws InterruptedException {
        List<URI> urls = urls();
        List<Snapshot> answers = new ArrayList<>();
        for (URI gateway : urls) {
            snapshot(gateway).ifPresent(answers::add);
        }
        return new Count(urls.size(), answers);
    }

    private Optional<Snapshot> snapshot(URI gateway) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve("/linnet/v1/snapshot")).timeout(DEADLINE);
        if (!where.urls().contains(gateway)) {
            token().ifPresent(own -> request.header("Authorization", "Bearer " + own));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(SnapshotJson.read(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ours, which gateways of the same cluster have the API look at. It is told to nobody else. */
    private Optional<String> token() {
        Config config = client.getConfiguration();
        return Optional.ofNullable(config.getAutoOAuthToken()).or(() -> Optional.ofNullable(config.getOauthToken()));
    }

    /** All that there should be. */
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
