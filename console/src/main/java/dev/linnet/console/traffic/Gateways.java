package dev.linnet.console.traffic;

import dev.linnet.console.http.TimedHttp;
import dev.linnet.console.traffic.GatewayFinder.Gateway;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.GraphJson;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What gateways tell of themselves, as any client would read it: found through their Services, or named. */
public final class Gateways implements AutoCloseable {
    /** The path of the routes. */
    public static final String ROUTES = "/linnet/v1/routes";

    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration LOOKED_FOR = Duration.ofSeconds(1);
    private static final long LONGEST = 32L << 20;

    private final GatewayFinder finder;
    private final InstantSource clock;
    private final TimedHttp http = new TimedHttp(DEADLINE, LONGEST);
    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Duration, Look<Graph>> graphs = new ConcurrentHashMap<>();
    private final Map<String, Look<Optional<Answer>>> answers = new ConcurrentHashMap<>();

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

    /** What gateways say, for all who look at it until a second after they have said it, or could not be asked. */
    private final class Look<T> {
        private volatile Instant until = Instant.MAX;
        private final Future<T> said;

        Look(Callable<T> question) {
            this.said = asking.submit(() -> {
                try {
                    return question.call();
                } finally {
                    until = clock.instant().plus(LOOKED_FOR);
                }
            });
        }
    }

    /** However many look at it, gateways are asked once a second. */
    private <K, T> T look(Map<K, Look<T>> lately, K what, Callable<T> question) throws InterruptedException {
        Instant now = clock.instant();
        Look<T> look = lately.compute(
                what, (_, before) -> before != null && before.until.isAfter(now) ? before : new Look<>(question));
        try {
            return look.said.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("gateways are asked no more", e);
        }
    }

    public Gateways(KubernetesClient client, Where where, InstantSource clock) {
        this.finder = new GatewayFinder(client, where, clock);
        this.clock = clock;
    }

    /** What each that answers has counted: of those at the edge, and of those inside these namespaces. */
    public List<Snapshot> count(Set<String> namespaces) throws InterruptedException {
        Stream<Gateway> inside = finder.inMeshes().stream().filter(gateway -> namespaces.contains(gateway.mesh()));
        return ask(
                Stream.concat(finder.atTheEdge().stream(), inside).toList(),
                "/linnet/v1/snapshot",
                (gateway, said) -> believed(gateway, SnapshotJson.read(said)));
    }

    private static Snapshot believed(Gateway gateway, Snapshot snapshot) {
        return gateway.mesh().isEmpty() ? snapshot : snapshot.inside(gateway.mesh());
    }

    /** Who has called whom, as all together that answer have seen it, those inside the cluster among them; at most a second old. */
    public Graph graph(Duration window) throws InterruptedException {
        return look(graphs, window, () -> together(window));
    }

    private Graph together(Duration window) throws InterruptedException {
        List<Gateway> all = Stream.concat(finder.atTheEdge().stream(), finder.inMeshes().stream())
                .toList();
        List<Graph> graphs = ask(
                all,
                "/linnet/v1/graph?window=" + window.toSeconds() + "s",
                (gateway, said) -> believed(gateway, GraphJson.read(said)));
        return graphs.stream()
                .reduce(Graph::plus)
                .orElseGet(() -> new Graph("", clock.instant(), window, List.of(), List.of()));
    }

    /** A gateway that somebody has in a namespace may say anything: only what it says of Services there is taken. */
    private static Graph believed(Gateway gateway, Graph graph) {
        List<Graph.Edge> own = graph.edges().stream()
                .filter(edge -> gateway.mesh().isEmpty() || edge.service().startsWith(gateway.mesh() + "/"))
                .filter(edge -> edge.latency().le().equals(Graph.LATENCY_LIMITS))
                .toList();
        return Graph.of(graph.gateway(), graph.at(), graph.window(), graph.nodes(), own);
    }

    /** The routes, as {@link #askOne} has them; at most a second old. */
    public Optional<Answer> routes() throws InterruptedException {
        return look(answers, ROUTES, () -> askOne(ROUTES));
    }

    /** What the first one at the edge that answers says, whatever it is: all have the same routes. */
    public Optional<Answer> askOne(String pathAndQuery) throws InterruptedException {
        for (Gateway gateway : finder.atTheEdge()) {
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
        finder.token(gateway).ifPresent(token -> request.header("Authorization", "Bearer " + token));
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

    @Override
    public void close() {
        asking.shutdownNow();
        http.close();
    }
}
