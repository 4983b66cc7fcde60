package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Snapshot.Latency;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A data plane that obeys Ingresses and VirtualServices at once. It has users, who lose requests where a route leads to Pods that do not serve, and it counts as ours
 * does: a version whose image says {@code bad} answers some of its requests with 500, one that says {@code slow} takes a second.
 */
final class SimulatedGateway implements AutoCloseable {
    private static final ResourceDefinitionContext VIRTUAL_SERVICE = new ResourceDefinitionContext.Builder()
            .withGroup("networking.istio.io")
            .withVersion("v1beta1")
            .withKind("VirtualService")
            .withPlural("virtualservices")
            .withNamespaced(true)
            .build();
    private static final String PREFIX = "nginx.ingress.kubernetes.io/canary";

    private final KubernetesClient client;
    private final String namespace;
    private final SimulatedPods pods;
    private final InstantSource clock;
    private final HttpServer server;
    private final Map<String, Counts> counts = new HashMap<>();
    private final List<String> lost = new ArrayList<>();
    private String apex = "podinfo";
    private int perSecond = 100;
    private double failing = 0.5;
    private boolean tested;

    /** What has been counted of one version. */
    private static final class Counts {
        private long good;
        private long bad;
        private double seconds;
    }

    SimulatedGateway(KubernetesClient client, String namespace, SimulatedPods pods, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.pods = pods;
        this.clock = clock;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/linnet/v1/snapshot", exchange -> {
            byte[] body = SnapshotJson.write(snapshot()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many users there are, and which part of its requests a bad version fails. */
    void users(int requestsPerSecond, double badOnesFail) {
        perSecond = requestsPerSecond;
        failing = badOnesFail;
    }

    /** Callers use another Service than podinfo. */
    void callersUse(String service) {
        apex = service;
    }

    /** Tests of the team's own meet the canary as soon as it serves, whatever routes say. */
    void testsCanary(boolean tests) {
        tested = tests;
    }

    /** The share of all requests that meets the canary, in percent; 100 while an audience does. */
    int canaryShare() {
        Optional<JsonNode> route = route();
        if (route.isPresent()) {
            return destinations(route.get()).getOrDefault(apex + "-canary", 0);
        }
        Ingress canary = ingress("podinfo-canary");
        if (canary == null) {
            return 0;
        }
        Map<String, String> marks = canary.getMetadata().getAnnotations();
        return marks.containsKey(PREFIX + "-by-header") || marks.containsKey(PREFIX + "-by-cookie")
                ? 100
                : Integer.parseInt(marks.getOrDefault(PREFIX + "-weight", "0"));
    }

    private @org.jspecify.annotations.Nullable Ingress ingress(String name) {
        return client.network()
                .v1()
                .ingresses()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** What the VirtualService says, if there is one. */
    Optional<JsonNode> route() {
        return Optional.ofNullable(virtualService())
                .map(found -> new ObjectMapper()
                        .valueToTree(found.getAdditionalProperties().get("spec")));
    }

    private @org.jspecify.annotations.Nullable GenericKubernetesResource virtualService() {
        return client.genericKubernetesResources(VIRTUAL_SERVICE)
                .inNamespace(namespace)
                .withName(apex)
                .get();
    }

    /** Those that get requests of users without a cookie, with their percentage: of the last rule. */
    private static Map<String, Integer> destinations(JsonNode route) {
        Map<String, Integer> weights = new HashMap<>();
        List<JsonNode> rules = route.path("http").valueStream().toList();
        rules.getLast()
                .path("route")
                .forEach(entry -> weights.put(
                        entry.path("destination").path("host").asText(),
                        entry.path("weight").asInt(100)));
        weights.values().removeIf(weight -> weight == 0);
        return weights;
    }

    private Map<String, String> selector(String service) {
        Service live =
                client.services().inNamespace(namespace).withName(service).get();
        return live == null
                ? Map.of()
                : Objects.requireNonNullElse(live.getSpec().getSelector(), Map.of());
    }

    /** Looks where requests would go at this very moment. */
    void look(String when) {
        look(apex, when);
        Optional<JsonNode> route = route();
        if (route.isPresent()) {
            destinations(route.get()).forEach((service, share) -> look(service, share + "% after " + when));
            return;
        }
        int share = canaryShare();
        if (share > 0) {
            look(apex + "-canary", share + "% after " + when);
        }
    }

    private void look(String service, String when) {
        Map<String, String> selector = selector(service);
        if (!selector.isEmpty() && pods.serving(selector) == 0) {
            lost.add("Service " + service + " selects " + selector + ", of which nothing serves: " + when);
        }
    }

    /** What users have lost, with the moment. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    /** Users send requests for some time. */
    void pass(Duration time) {
        long requests = Math.round(perSecond * time.toMillis() / 1000.0);
        int share = canaryShare();
        boolean audience = share == 100;
        long canary = audience ? Math.max(1, requests / 10) : requests * share / 100;
        if (tested && pods.serving(selector("podinfo-canary")) > 0) {
            count("canary", "podinfo-canary", Math.max(1, requests / 10));
        }
        count("canary", "podinfo-canary", share > 0 ? canary : 0);
        count("primary", "podinfo", requests - (share > 0 ? canary : 0));
    }

    private synchronized void count(String side, String service, long requests) {
        if (requests == 0) {
            return;
        }
        String image = pods.image(selector(service)).orElse("");
        long bad = image.contains("bad") ? Math.round(requests * failing) : 0;
        Counts of = counts.computeIfAbsent(side, _ -> new Counts());
        of.bad += bad;
        of.good += requests - bad;
        of.seconds += requests * (image.contains("slow") ? 1 : 0.01);
    }

    /** Requests to the canary that have taken long end badly, whatever routes say by now. */
    synchronized void failsLate(long requests) {
        counts.computeIfAbsent("canary", _ -> new Counts()).bad += requests;
    }

    private synchronized Snapshot snapshot() {
        List<SeriesCounts> series = new ArrayList<>();
        counts.forEach((side, of) -> series.add(new SeriesCounts(
                namespace + "/podinfo app.example.com /",
                side,
                namespace + "/" + apex + (side.equals("canary") ? "-canary:80" : ":80"),
                Map.of("2xx", of.good, "5xx", of.bad),
                Map.of(),
                new Latency(List.of(0.1, 1.0), List.of(of.good + of.bad, 0L, 0L), of.seconds))));
        Map<String, String> applied = new HashMap<>();
        client.network()
                .v1()
                .ingresses()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(ingress -> applied.put(
                        "Ingress/" + namespace + "/" + ingress.getMetadata().getName(),
                        ingress.getMetadata().getResourceVersion()));
        Optional.ofNullable(virtualService())
                .ifPresent(route -> applied.put(
                        "VirtualService/" + namespace + "/" + apex,
                        route.getMetadata().getResourceVersion()));
        return new Snapshot("simulated", MadeTime.START, clock.instant(), applied, series);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
