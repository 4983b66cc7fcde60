package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.endpoints.EndpointResolver;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.endpoints.SliceReading;
import dev.linnet.manifests.gatewayapi.ClusterView;
import dev.linnet.manifests.gatewayapi.GatewayApi;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.gatewayapi.ObjectStatus.Address;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Route;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.TextRequest;
import dev.linnet.routing.policy.TrafficPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the official conformance suite of Gateway API has around its tests (spec of Istio, §6.11.3): Gateways, Services and backends that
 * say who they are and what they were asked. One gateway serves it all.
 */
final class Conformance implements AutoCloseable {
    static final String INFRA = "gateway-conformance-infra";
    static final String WEB = "gateway-conformance-web-backend";
    static final String APP = "gateway-conformance-app-backend";

    static final String V1 = "infra-backend-v1";
    static final String V2 = "infra-backend-v2";
    static final String V3 = "infra-backend-v3";
    static final String OK = "Accepted True Accepted";
    static final String RESOLVED = "ResolvedRefs True ResolvedRefs";

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Address> ADDRESSES = List.of(new Address("IPAddress", "192.0.2.1"));
    private static final Map<String, List<String>> SERVICES = Map.of(
            INFRA, List.of(V1, V2, V3, "infra-backend-aside"),
            WEB, List.of("web-backend"),
            APP, List.of("app-backend-v1", "app-backend-v2"));

    private static final String CLASS = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: linnet}
            spec: {controllerName: linnet.dev/gateway}
            ---
            """;

    final TlsWorld tls = new TlsWorld();
    final World world = tls.world;
    private final Map<ServiceName, ServiceReading> services = new HashMap<>();
    private final Map<SecretRef, String> badSecrets = new HashMap<>();
    private RouteTable table = RouteTable.of(List.of());
    private GatewayApi.Compiled compiled = GatewayApi.Compiled.NOTHING;

    Conformance() {
        SERVICES.forEach((namespace, names) -> names.forEach(name -> serve(namespace, name)));
    }

    private void serve(String namespace, String name) {
        services.put(
                new ServiceName(namespace, name),
                new ServiceReading(
                        new ServiceName(namespace, name),
                        new ServiceReading.Kind.Headless(),
                        List.of(new ServiceReading.Port("first-port", 8080, "3000")),
                        "",
                        "",
                        Optional.empty()));
        world.serve(new ServiceRef(namespace, name, "8080"), echo(name));
    }

    /** A backend that says who it is and what it was asked. */
    static ScriptedUpstream echo(String name) {
        return ScriptedUpstream.answering(head -> answer(name, head));
    }

    /** Services as their authors write them, with the EndpointSlices that there are of them. */
    Conformance offers(String... yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", String.join("---\n", yaml));
        assertThat(manifests.mistakes()).isEmpty();
        ServiceReading.byName(manifests.services()).forEach((name, service) -> {
            services.put(name, service);
            service.ports().forEach(port -> {
                ServiceRef ref = new ServiceRef(name.namespace(), name.name(), String.valueOf(port.number()));
                List<SliceReading> slices = SliceReading.all(manifests.endpointSlices()).stream()
                        .filter(slice -> slice.service().equals(name))
                        .toList();
                world.endpoints(
                        ref,
                        EndpointResolver.resolve(ref, Optional.of(service), slices)
                                .endpoints());
                TrafficPolicy policy = port.http2() ? TrafficPolicy.NONE.overHttp2() : TrafficPolicy.NONE;
                world.gateway.routes().policies(Map.of(ref, policy));
            });
        });
        return this;
    }

    /** Sets the headers that {@code X-Echo-Set-Header} wants, as the suite's backend does. */
    private static String answer(String name, String head) {
        StringBuilder lines = new StringBuilder();
        head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("x-echo-set-header: "))
                .flatMap(line -> List.of(line.substring(19).split(",", -1)).stream())
                .map(pair -> pair.split(":", 2))
                .forEach(pair ->
                        lines.append(pair[0]).append(": ").append(pair[1]).append("\r\n"));
        String body = name + "\n" + head;
        return "HTTP/1.1 200 OK\r\n" + lines + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A Secret of which TLS cannot be spoken, and why. */
    Conformance badSecret(String namespace, String name, String why) {
        badSecrets.put(new SecretRef(namespace, name), why);
        return this;
    }

    /** A Gateway {@code same-namespace}: port 80, routes of its own namespace. */
    static String sameNamespace() {
        return gateway(
                "same-namespace", "{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Same}}}");
    }

    static String gateway(String name, String... listeners) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: %s, namespace: %s, generation: 1}
                spec:
                  gatewayClassName: linnet
                  listeners:
                """.formatted(name, INFRA));
        for (String listener : listeners) {
            yaml.append("  - ").append(listener).append("\n");
        }
        return yaml.append("---\n").toString();
    }

    static String route(String name, String spec) {
        return route(INFRA, name, "parentRefs: [{name: same-namespace}]\n" + spec);
    }

    static String route(String namespace, String name, String spec) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: %s, namespace: %s, generation: 1}
                spec:
                """.formatted(name, namespace) + spec.indent(2) + "---\n";
    }

    static String rule(String matches, String version) {
        return "- {matches: [" + matches + "], " + to(version) + "}\n";
    }

    /** {@code [{name: infra-backend-v1, port: 8080}]} */
    static String to(String version) {
        return "backendRefs: [{name: infra-backend-" + version + ", port: 8080}]";
    }

    /** One accepted route {@code r} of the shared Gateway is all that there is from now on. */
    void serves(String rules) {
        obeys(sameNamespace(), route("r", "rules:\n" + rules));
        assertThat(routeConditions(INFRA, "r")).first().isEqualTo(OK);
    }

    /** All objects that there are from now on. */
    Conformance obeys(String... yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", CLASS + String.join("", yaml));
        assertThat(manifests.mistakes()).isEmpty();
        compiled = new GatewayApi(GatewayApiObject.all(manifests.gatewayApi())).edge(new View());
        table = RouteTable.of(
                compiled.rules().values().stream().flatMap(List::stream).toList());
        world.gateway.routes().install(table);
        return this;
    }

    private final class View implements ClusterView {
        @Override
        public Optional<ServiceReading> service(ServiceName name) {
            return Optional.ofNullable(services.get(name));
        }

        @Override
        public Map<String, String> labels(String namespace) {
            String backend = namespace.equals(INFRA) ? "infra" : "backend";
            return Map.of("kubernetes.io/metadata.name", namespace, "gateway-conformance", backend);
        }

        @Override
        public Optional<String> objection(SecretRef certificate) {
            return Optional.ofNullable(badSecrets.get(certificate));
        }
    }

    /** The name of the backend that has answered, or a status. */
    String get(String host, String path, String... headers) {
        return who(ask("GET", host, path, headers));
    }

    /** The same at another port of Gateways than the usual ones. */
    String getAt(int port, String host) {
        return who(askAt(port, host, "/"));
    }

    Conversation.Response askAt(int port, String host, String path) {
        try (Conversation client = Conversation.with(world.listenFor(":" + port))) {
            return client.get(host, path);
        }
    }

    static String who(Conversation.Response response) {
        return response.status() == 200
                ? response.body().lines().findFirst().orElse("")
                : String.valueOf(response.status());
    }

    Conversation.Response ask(String method, String host, String path, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
            return client.send(head.append("\r\n").toString()).readResponse();
        }
    }

    /** Who would answer over TLS. */
    String secure(String url) {
        return table.find(TextRequest.of(url, List.of())) instanceof Route route
                ? route.rule()
                        .policy()
                        .fixed()
                        .map(answer -> String.valueOf(answer.status()))
                        .orElseGet(() -> route.primary().backend().name())
                : "404";
    }

    JsonNode gatewayStatus(String name) {
        return status(new ObjectRef(GatewayApiObject.GATEWAY, INFRA, name));
    }

    JsonNode routeStatus(String namespace, String name) {
        return status(new ObjectRef(GatewayApiObject.HTTP_ROUTE, namespace, name));
    }

    JsonNode status(ObjectRef object) {
        return status(object, JsonMapper.builder().build().createObjectNode());
    }

    /** What becomes of a status that was written before. */
    JsonNode status(ObjectRef object, JsonNode before) {
        return Optional.ofNullable(compiled.statuses().get(object))
                .flatMap(status -> status.toWrite(before, ADDRESSES, NOW))
                .<JsonNode>map(found -> found)
                .orElse(before);
    }

    /** {@code Accepted False NoMatchingParent}, of each condition. */
    static List<String> conditions(JsonNode of) {
        List<String> all = new ArrayList<>();
        of.path("conditions")
                .forEach(condition -> all.add(condition.path("type").asText() + " "
                        + condition.path("status").asText() + " "
                        + condition.path("reason").asText()));
        return all;
    }

    /** Of the only parent of a route. */
    List<String> routeConditions(String namespace, String name) {
        return conditions(routeStatus(namespace, name).path("parents").path(0));
    }

    JsonNode listener(String gateway, String name) {
        return gatewayStatus(gateway)
                .path("listeners")
                .valueStream()
                .filter(listener -> listener.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        tls.close();
    }
}
