package dev.linnet.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.gateway.LiveRoutes;
import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.FeedSettings;
import dev.linnet.gateway.feed.Listen;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.Match;
import dev.linnet.routing.Route;
import dev.linnet.routing.TextRequest;
import dev.linnet.routing.Workload;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of Gateway API in a real API with the definitions that we bring along, from their manifests to routes and statuses. */
final class GatewayApiStatusTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GATEWAY = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              gatewayClassName: linnet
              listeners:
              - {name: http, port: 80, protocol: HTTP}
            """;
    private static final String ROUTE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web, namespace: shop}
            spec:
              parentRefs: [{name: edge}]
              hostnames: [web.example.com]
              rules:
              - backendRefs:
                - {name: web, port: 80, weight: 90}
                - {name: web-v2, port: 80, weight: 10}
            """;

    private final Cluster cluster;

    private final KubernetesClient client;

    private final LiveRoutes routes = new LiveRoutes();

    private final Feed feed;

    private final StatusWriter writer;

    GatewayApiStatusTest(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        cluster.namespace("linnet-system");
        cluster.apply(Files.readString(Path.of("../deploy/gateway-api-crds.yaml")));
        feed = new Feed(client, ClassSettings.DEFAULT, routes);
        writer = new StatusWriter(
                client,
                feed,
                new StatusSettings(new Published.Fixed(List.of("192.0.2.1")), "one", false),
                Clock.systemUTC());
    }

    @AfterEach
    void closes() {
        writer.close();
        feed.close();
        client.close();
        cluster.close();
    }

    private void starts() {
        feed.start();
        writer.start();
    }

    private JsonNode status(String kind, String name) {
        var all = client.genericKubernetesResources("gateway.networking.k8s.io/v1", kind);
        GenericKubernetesResource found = kind.equals("GatewayClass")
                ? all.withName(name).get()
                : all.inNamespace("shop").withName(name).get();
        return JSON.valueToTree(found.getAdditionalProperties().get("status"));
    }

    private static List<String> conditions(JsonNode of) {
        List<String> all = new ArrayList<>();
        of.path("conditions")
                .forEach(condition -> all.add(condition.path("type").asText() + " "
                        + condition.path("status").asText() + " "
                        + condition.path("reason").asText()));
        return all;
    }

    private List<String> ofRoute() {
        return conditions(status("HTTPRoute", "web").path("parents").path(0));
    }

    private static void eventually(Callable<Boolean> holds) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(holds);
    }

    private Match find(String url) {
        return routes.table().find(TextRequest.of(url, List.of()));
    }

    @Test
    void servesRoutesAndSaysSoInAllStatuses() {
        starts();
        cluster.apply(GATEWAY);
        cluster.apply(ROUTE);
        cluster.create(Shop.service("web"));
        cluster.create(Shop.service("web-v2"));

        eventually(() -> ofRoute().contains("ResolvedRefs True ResolvedRefs"));
        assertThat(ofRoute()).contains("Accepted True Accepted");
        assertThat(conditions(status("GatewayClass", "linnet"))).containsExactly("Accepted True Accepted");
        JsonNode gateway = status("Gateway", "edge");
        assertThat(conditions(gateway))
                .containsExactlyInAnyOrder("Accepted True Accepted", "Programmed True Programmed");
        assertThat(gateway.path("addresses").path(0).path("value").asText()).isEqualTo("192.0.2.1");
        eventually(() -> status("Gateway", "edge")
                        .path("listeners")
                        .path(0)
                        .path("attachedRoutes")
                        .asInt()
                == 1);
        assertThat(find("http://web.example.com/")).isInstanceOfSatisfying(Route.class, route -> {
            assertThat(route.primary().backend().name()).isEqualTo("web");
            assertThat(route.canaries().getFirst().backend().name()).isEqualTo("web-v2");
        });

        client.services().inNamespace("shop").withName("web-v2").delete();
        eventually(() -> ofRoute().contains("ResolvedRefs False BackendNotFound"));

        client.genericKubernetesResources("gateway.networking.k8s.io/v1", "Gateway")
                .inNamespace("shop")
                .withName("edge")
                .delete();
        eventually(() -> status("HTTPRoute", "web").path("parents").isEmpty());
        assertThat(find("http://web.example.com/")).isEqualTo(Match.Unmatched.NO_HOST);
    }

    @Test
    void followsKindsThatAreInstalledLaterAndNamespacesThatGetOtherLabels() {
        starts();
        cluster.apply(
                GATEWAY.replace(
                        "protocol: HTTP}",
                        "protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {may: attach}}}}}"));
        cluster.create(Shop.service("web"));
        cluster.create(Shop.service("web-v2"));
        cluster.apply(ROUTE);
        eventually(() -> ofRoute().contains("Accepted False NotAllowedByListeners"));

        client.namespaces().withName("shop").edit(namespace -> {
            namespace.getMetadata().setLabels(Map.of("may", "attach"));
            return namespace;
        });

        eventually(() -> ofRoute().contains("Accepted True Accepted"));
    }

    @Test
    void obeysRoutesOfServicesInsideTheClusterAndSaysSoWhileGatewaysStandBeforeThem() {
        starts();
        cluster.apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: web, namespace: shop}
                spec:
                  parentRefs: [{group: "", kind: Service, name: web}]
                  rules: [{backendRefs: [{name: web-v2, port: 80}]}]
                """);
        cluster.create(Shop.service("web"));
        cluster.create(Shop.service("web-v2"));
        cluster.namespace("front");
        cluster.apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: own, namespace: front}
                spec:
                  parentRefs: [{group: "", kind: Service, name: web, namespace: shop}]
                  rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]
                """);
        cluster.create(Shop.configMap("linnet-mesh", Map.of("web.80", "15100")));
        LiveRoutes inside = new LiveRoutes();
        AtomicReference<Set<Listen>> ports = new AtomicReference<>(Set.of());
        try (Feed mesh = new Feed(client, FeedSettings.ofMesh("shop"), inside, ports::set)) {
            mesh.start();

            eventually(mesh::synced);
            assertThat(ports.get()).extracting(Listen::port).containsExactly(15100);
            TextRequest request = TextRequest.of("http://web/", List.of())
                    .at(ports.get().iterator().next().host());
            eventually(() -> inside.table().find(request) instanceof Route route
                    && route.primary().backend().name().equals("web-v2"));
            assertThat(mesh.applied()).containsKey("HTTPRoute/shop/web");
            TextRequest ofCaller = request.by(new Workload("front", "page", Map.of()));
            eventually(() -> inside.table().find(ofCaller) instanceof Route route
                    && route.primary().backend().name().equals("web"));
        }
        eventually(() -> feed.applied().containsKey("HTTPRoute/shop/web"));
        assertThat(status("HTTPRoute", "web").path("parents")).isEmpty();

        cluster.create(new ServiceBuilder(Shop.service("web-linnet"))
                .editMetadata()
                .withLabels(Map.of("linnet.dev/twin-of", "web"))
                .endMetadata()
                .build());
        eventually(() -> ofRoute().equals(List.of("Accepted True Accepted", "ResolvedRefs True ResolvedRefs")));

        client.services().inNamespace("shop").withName("web-linnet").delete();
        eventually(() -> status("HTTPRoute", "web").path("parents").isEmpty());
    }

    @Test
    void writesNothingAtRest() {
        starts();
        cluster.apply(GATEWAY);
        cluster.apply(ROUTE);
        cluster.create(Shop.service("web"));
        cluster.create(Shop.service("web-v2"));
        eventually(() -> ofRoute().contains("ResolvedRefs True ResolvedRefs")
                && status("Gateway", "edge")
                                .path("listeners")
                                .path(0)
                                .path("attachedRoutes")
                                .asInt()
                        == 1);
        String version = version();

        cluster.apply(ROUTE.replace("name: web,", "name: marker,").replace("web.example.com", "marker.example.com"));
        eventually(() -> status("Gateway", "edge")
                        .path("listeners")
                        .path(0)
                        .path("attachedRoutes")
                        .asInt()
                == 2);

        assertThat(version()).isEqualTo(version);
    }

    private String version() {
        return client.genericKubernetesResources("gateway.networking.k8s.io/v1", "HTTPRoute")
                .inNamespace("shop")
                .withName("web")
                .get()
                .getMetadata()
                .getResourceVersion();
    }

    @Test
    void refusesWhatTheKindsForbid() {
        assertThatThrownBy(() -> cluster.apply(GATEWAY.replace("port: 80", "port: 0")))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("port");
        assertThatThrownBy(() -> cluster.apply(
                        GATEWAY.replace("protocol: HTTP}", "protocol: HTTP, tls: {certificateRefs: [{name: a}]}}")))
                .hasMessageContaining("tls must not be specified");
        assertThatThrownBy(() -> cluster.apply(
                        ROUTE.replace("- backendRefs:", "- matches: [{path: {value: /a//b}}]\n    backendRefs:")))
                .hasMessageContaining("must not contain '//'");
        assertThatThrownBy(() -> cluster.apply(ROUTE.replace("weight: 90", "weight: -1")))
                .hasMessageContaining("weight");
        assertThatThrownBy(() -> cluster.apply(ROUTE.replace("name: web, port: 80, weight: 90", "name: web")))
                .hasMessageContaining("Must have port for Service reference");
    }
}
