package dev.linnet.console.traffic;

import dev.linnet.console.http.TimedHttp;
import dev.linnet.manifests.endpoints.SliceReading;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.GraphJson;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What gateways tell of themselves, as any client would read it: found through their Services, or named. */
public final class Gateways implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration FOUND_FOR = Duration.ofSeconds(3);
    private static final long LONGEST = 32L << 20;
    private static final String EDGE = "linnet-gateway-metrics";
    private static final String MESH = "linnet-mesh-metrics";

    private final KubernetesClient client;
    private final Where where;
    private final InstantSource clock;
    private final TimedHttp http = new TimedHttp(DEADLINE, LONGEST);
    private volatile Found inMeshes = new Found(Instant.EPOCH, List.of());

    /**
     * Where gateways are.
     *
     * @param namespace    of the Service of those at the edge
     * @param urls         of gateways that are not found through a Service
     * @param numbersToken a file with a token that is good for reading numbers alone (audience {@code linnet.dev/numbers})
     */
    public record Where(String namespace, List<URI> urls, Optional<Path> numbersToken) {
        public Where {
            urls = List.copyOf(urls);
        }
    }

    /** What a gateway answered. */
    public record Answer(int status, String body) {}

    /**
     * A gateway.
     *
     * @param mesh the namespace inside which it serves; empty for those at the edge
     */
    private record Gateway(URI url, Trust trust, String mesh) {}

    /** Which of our tokens a gateway gets to see: in a namespace of somebody's, none that the API knows. */
    private enum Trust {
        NONE,
        OURS,
        FOR_NUMBERS
    }

    private record Found(Instant until, List<Gateway> gateways) {}

    public Gateways(KubernetesClient client, Where where, InstantSource clock) {
        this.client = client;
        this.where = where;
        this.clock = clock;
    }

    /** What each that answers has counted, of those at the edge. */
    public List<Snapshot> count() throws InterruptedException {
        return ask(atTheEdge(), "/linnet/v1/snapshot", (_, said) -> SnapshotJson.read(said));
    }

    /** Who has called whom, as each that answers has seen it, those inside the cluster among them. */
    public List<Graph> graphs(Duration window) throws InterruptedException {
        List<Gateway> all =
                Stream.concat(atTheEdge().stream(), inMeshes().stream()).toList();
        return ask(
                all,
                "/linnet/v1/graph?window=" + window.toSeconds() + "s",
                (gateway, said) -> believed(gateway, GraphJson.read(said)));
    }

    /** A gateway that somebody has in a namespace may say anything: only what it says of Services there is taken. */
    private static Graph believed(Gateway gateway, Graph graph) {
        List<Graph.Edge> own = graph.edges().stream()
                .filter(edge -> gateway.mesh().isEmpty() || edge.service().startsWith(gateway.mesh() + "/"))
                .filter(edge -> edge.latency().le().equals(Graph.LATENCY_LIMITS))
                .toList();
        return Graph.of(graph.gateway(), graph.at(), graph.window(), graph.nodes(), own);
    }

    /** What the first one at the edge that answers says, whatever it is: all have the same routes. */
    public Optional<Answer> askOne(String pathAndQuery) throws InterruptedException {
        for (Gateway gateway : atTheEdge()) {
            Optional<Answer> answer = answer(send(gateway, pathAndQuery));
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    /** The same question to all at once; what can be read of those that answer 200. */
    private <T> List<T> ask(List<Gateway> gateways, String pathAndQuery, BiFunction<Gateway, String, T> reading)
            throws InterruptedException {
        Map<Gateway, CompletableFuture<HttpResponse<String>>> asked = new LinkedHashMap<>();
        gateways.forEach(gateway -> asked.computeIfAbsent(gateway, _ -> send(gateway, pathAndQuery)));
        List<T> read = new ArrayList<>();
        for (Map.Entry<Gateway, CompletableFuture<HttpResponse<String>>> one : asked.entrySet()) {
            Optional<Answer> answer = answer(one.getValue()).filter(given -> given.status() == 200);
            try {
                answer.ifPresent(given -> read.add(reading.apply(one.getKey(), given.body())));
            } catch (IllegalArgumentException e) {
                LOG.atDebug()
                        .addKeyValue("url", one.getKey().url())
                        .addKeyValue("cause", e.getMessage())
                        .log("a gateway tells what cannot be read");
            }
        }
        return read;
    }

    private CompletableFuture<HttpResponse<String>> send(Gateway gateway, String pathAndQuery) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.url().resolve(pathAndQuery));
        token(gateway.trust()).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return http.ask(request.build());
    }

    private static Optional<Answer> answer(CompletableFuture<HttpResponse<String>> asked) throws InterruptedException {
        try {
            HttpResponse<String> answer = TimedHttp.answer(asked);
            return Optional.of(new Answer(answer.statusCode(), answer.body()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Gateways have the API look at it. */
    private Optional<String> token(Trust trust) {
        return switch (trust) {
            case NONE -> Optional.empty();
            case OURS -> {
                Config config = client.getConfiguration();
                yield Optional.ofNullable(config.getAutoOAuthToken())
                        .or(() -> Optional.ofNullable(config.getOauthToken()));
            }
            case FOR_NUMBERS -> where.numbersToken().flatMap(Gateways::read);
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

    private List<Gateway> atTheEdge() {
        List<Gateway> all = new ArrayList<>();
        where.urls().forEach(url -> all.add(new Gateway(url, Trust.NONE, "")));
        for (SliceReading slice : SliceReading.all(client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(where.namespace())
                .withLabel(SliceReading.SERVICE_LABEL, EDGE)
                .list()
                .getItems())) {
            slice.urls().forEach(url -> all.add(new Gateway(url, Trust.OURS, "")));
        }
        return all;
    }

    /** Searched for in all namespaces, which is not done each second. */
    private List<Gateway> inMeshes() {
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
                    .withLabel(SliceReading.SERVICE_LABEL, MESH)
                    .list()
                    .getItems());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
