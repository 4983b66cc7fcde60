package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.gatewayapi.GatewayApi;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.gatewayapi.ListedObjects;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the official conformance suite of Gateway API has around its tests of meshes (spec of Istio, §6.11.3): Services {@code echo},
 * {@code echo-v1} and {@code echo-v2}, each with ports 80 and 8080, and one gateway that serves them inside.
 */
final class MeshConformance implements AutoCloseable {
    static final String MESH = "gateway-conformance-mesh";
    static final String CONSUMER = "gateway-conformance-mesh-consumer";

    private static final List<Integer> PORTS = List.of(80, 8080);

    final World world = new World();
    private final Map<ServiceName, ServiceReading> services = new HashMap<>();
    private final Map<ServicePort, InetSocketAddress> addresses = new HashMap<>();
    private GatewayApi.Compiled outside = GatewayApi.Compiled.NOTHING;

    MeshConformance() {
        serve("echo", "echo-v1", "echo-v2");
        serve("echo-v1", "echo-v1");
        serve("echo-v2", "echo-v2");
    }

    private void serve(String service, String... pods) {
        ServiceName name = new ServiceName(MESH, service);
        services.put(
                name,
                new ServiceReading(
                        name,
                        new ServiceReading.Kind.Address("10.0.0.1"),
                        List.of(
                                new ServiceReading.Port("http", 80, "8080"),
                                new ServiceReading.Port("http-alt", 8080, "8080")),
                        "",
                        "",
                        Optional.of(true)));
        for (int port : PORTS) {
            world.serve(
                    new ServiceRef(MESH, service, String.valueOf(port)),
                    List.of(pods).stream()
                            .map(pod -> ScriptedUpstream.answering(head -> ScriptedUpstream.ok(pod + "\n" + head)))
                            .toArray(ScriptedUpstream[]::new));
            ServicePort inside = new ServicePort(MESH, service, port);
            addresses.put(inside, world.listenFor(inside.ruleHost()));
        }
    }

    /** A route of a Service, with the Service's port where it is not 0. */
    static String route(String namespace, String name, String service, int port, String rules) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: %s, namespace: %s, generation: 1}
                spec:
                  parentRefs: [{group: "", kind: Service, name: %s, namespace: %s%s}]
                  rules:
                """.formatted(name, namespace, service, MESH, port == 0 ? "" : ", port: " + port) + rules.indent(2)
                + "---\n";
    }

    static String route(String service, String rules) {
        return route(MESH, "r", service, 0, rules);
    }

    static String to(String service) {
        return "backendRefs: [{name: " + service + ", port: 8080}]";
    }

    /** All objects that there are from now on. */
    void obeys(String... yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", String.join("", yaml));
        assertThat(manifests.mistakes()).isEmpty();
        GatewayApi objects = new GatewayApi(GatewayApiObject.all(manifests.gatewayApi()));
        ListedObjects view = new ListedObjects(services, Map.of());
        List<Rule> rules = new ArrayList<>();
        objects.mesh(addresses.keySet(), view).rules().values().forEach(rules::addAll);
        new IstioObjects(IstioObject.all(manifests.istio()))
                .mesh(addresses.keySet())
                .rules()
                .values()
                .forEach(rules::addAll);
        world.gateway.routes().install(RouteTable.of(rules));
        outside = objects.edge(view);
    }

    /** {@code Accepted False NoMatchingParent}, of each condition of each parent that we say something of. */
    List<String> conditions(String namespace, String route) {
        JsonNode nothing = JsonMapper.builder().build().createObjectNode();
        List<String> all = new ArrayList<>();
        Optional.ofNullable(outside.statuses().get(new ObjectRef(GatewayApiObject.HTTP_ROUTE, namespace, route)))
                .flatMap(status -> status.toWrite(nothing, List.of(), Instant.EPOCH))
                .ifPresent(
                        status -> status.path("parents").forEach(parent -> all.addAll(Conformance.conditions(parent))));
        return all;
    }

    /** Asks a Service at port 80. */
    Conversation.Response ask(String service, String path, String... headers) {
        return askAt(service, 80, service, path, headers);
    }

    Conversation.Response askAt(String service, int port, String host, String path, String... headers) {
        try (Conversation client =
                Conversation.with(Objects.requireNonNull(addresses.get(new ServicePort(MESH, service, port))))) {
            return client.get(host, path, headers);
        }
    }

    /** From now on who calls is known, or nobody knows. */
    void calls(Optional<Workload> caller) {
        world.gateway.routes().workloads(Map.of(ByteBuffer.wrap(new byte[] {127, 0, 0, 1}), caller));
    }

    /** The name of the Pods that have answered, or a status. */
    String get(String service, String path, String... headers) {
        return Conformance.who(ask(service, path, headers));
    }

    @Override
    public void close() {
        world.close();
    }
}
