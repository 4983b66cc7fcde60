package dev.linnet.controller.metrics;

import dev.linnet.controller.metrics.GatewayPlaces.Place;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Our gateways' own numbers, at the edge and inside the cluster, as any client would read them: found through their Services, or named. */
public final class Gateways implements AutoCloseable {
    /** Of tokens that open nothing but gateways' numbers. */
    public static final String AUDIENCE = "linnet.dev/numbers";

    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final long LONGEST = 32L << 20;

    private final KubernetesClient client;
    private final Where where;
    private final GatewayPlaces places;
    private final Supplier<Optional<String>> numbersToken;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(DEADLINE).build();

    /** Why gateways could not be read last, by URL: said once, as they are read every second. */
    private final Map<URI, String> unreadable = new ConcurrentHashMap<>();

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
    public Gateways(
            KubernetesClient client, Where where, Supplier<Optional<String>> numbersToken, InstantSource clock) {
        this.client = client;
        this.where = where;
        this.places = new GatewayPlaces(client, where, clock);
        this.numbersToken = numbersToken;
    }

    /**
     * A gateway that there should be.
     *
     * @param inside   the namespace whose Services it serves inside the cluster; empty for one at the edge
     * @param snapshot what it has counted; empty if it does not answer
     */
    public record Answer(Optional<String> inside, Optional<Snapshot> snapshot) {}

    /** @param answer fails at the deadline, which the whole body must keep */
    private record Asked(Place place, CompletableFuture<HttpResponse<String>> answer) {}

    /** Asks all that there were a few seconds ago, at the same time: one that is newer has little to tell yet. */
    public List<Answer> count() throws InterruptedException {
        return answers(places.recent());
    }

    /** Asks all that there are at this moment. */
    public List<Answer> countAll() throws InterruptedException {
        return answers(places.now());
    }

    private List<Answer> answers(List<Place> there) throws InterruptedException {
        unreadable.keySet().retainAll(there.stream().map(Place::url).collect(Collectors.toSet()));
        List<Asked> all = there.stream().map(this::ask).toList();
        List<Answer> answers = new ArrayList<>();
        for (Asked each : all) {
            Optional<HttpResponse<String>> answer = answer(each);
            // Who must not look inside is told so by all of them there, and need not wait for them.
            if (each.place.inside().isEmpty()
                    || answer.filter(Gateways::isRefusal).isEmpty()) {
                answers.add(new Answer(
                        each.place.inside(),
                        answer.filter(found -> found.statusCode() == 200)
                                .flatMap(found -> snapshot(found.body(), each.place))));
            }
        }
        return answers;
    }

    /** The timeout of a request would end with the answer's head, and whoever sends the body may take any time for it. */
    private Asked ask(Place place) {
        CompletableFuture<HttpResponse<String>> pending =
                http.sendAsync(request(place), BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST));
        return new Asked(
                place,
                pending.copy()
                        .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((_, _) -> pending.cancel(true)));
    }

    /** Whatever somebody answers in the place of a gateway, the others are counted. */
    private Optional<Snapshot> snapshot(String said, Place place) {
        try {
            Snapshot snapshot = believed(SnapshotJson.read(said), place);
            unreadable.remove(place.url());
            return Optional.of(snapshot);
        } catch (IllegalArgumentException e) {
            String cause = e.toString();
            if (!cause.equals(unreadable.put(place.url(), cause))) {
                LOG.atLevel(place.inside().isEmpty() ? Level.WARN : Level.DEBUG)
                        .addKeyValue("url", place.url())
                        .addKeyValue("cause", cause)
                        .log("a gateway tells what is no snapshot");
            }
            return Optional.empty();
        }
    }

    /**
     * What one inside a namespace says it obeys is taken as it is, of others' objects too: with an old version of one somebody in its place can hold
     * the release that waits for it, but never let it go on before the other gateways obey.
     */
    private static Snapshot believed(Snapshot said, Place place) {
        return place.inside().map(said::inside).orElse(said);
    }

    private HttpRequest request(Place place) {
        HttpRequest.Builder request = HttpRequest.newBuilder(place.url().resolve("/linnet/v1/snapshot"));
        if (place.inside().isPresent()) {
            numbersToken.get().ifPresent(own -> request.header("Authorization", "Bearer " + own));
        } else if (!where.urls().contains(place.url())) {
            token().ifPresent(own -> request.header("Authorization", "Bearer " + own));
        }
        return request.build();
    }

    private static Optional<HttpResponse<String>> answer(Asked asked) throws InterruptedException {
        try {
            return Optional.of(asked.answer.get());
        } catch (ExecutionException _) {
            return Optional.empty();
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

    /** Waits for nobody. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
