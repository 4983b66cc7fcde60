package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Istio's objects in a real API with the definitions that we bring along, from their manifests to what is in force. */
final class IstioFeedTest {
    private static final String OBJECTS = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 8090, name: http, protocol: HTTP}, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: shop}
            spec:
              hosts: [web.example.com]
              gateways: [edge]
              http: [{route: [{destination: {host: api.example.com, port: {number: 8443}}}]}]
            """;
    private static final String ENTRY = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: api, namespace: shop}
            spec:
              hosts: [api.example.com]
              resolution: DNS
              ports: [{number: 8443, name: http, protocol: HTTP}]
            """;
    private static final String RULE = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: api, namespace: shop}
            spec:
              host: api.example.com
              trafficPolicy:
                connectionPool: {tcp: {maxConnections: 7, connectTimeout: 1.5s}}
                outlierDetection: {consecutive5xxErrors: 3, baseEjectionTime: 1m, maxEjectionPercent: 100}
            """;

    private final Cluster cluster;
    private final KubernetesClient client;
    private final LiveRoutes routes = new LiveRoutes();
    private final AtomicReference<Set<Listen>> listens = new AtomicReference<>(Set.of());
    private final Feed feed;

    IstioFeedTest(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        cluster.apply(Files.readString(Path.of("../deploy/istio-crds.yaml")));
        feed = new Feed(
                client,
                FeedSettings.of(ClassSettings.DEFAULT),
                routes,
                Informers.LONGEST_SILENCE,
                name -> List.of("192.0.2.1"),
                Duration.ofMillis(50),
                listens::set);
    }

    @AfterEach
    void closes() {
        feed.close();
        client.close();
        cluster.close();
    }

    private static void eventually(Callable<Boolean> holds) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(holds);
    }

    @Test
    void putsWhatObjectsSayOfDestinationsAndPortsInForce() {
        feed.start();
        cluster.apply(OBJECTS);
        cluster.apply(ENTRY);
        cluster.apply(RULE);
        ServiceRef api = new ServiceRef("shop", "api.example.com", "8443");

        eventually(() -> routes.endpoints(api).ready().equals(List.of(new Endpoint("192.0.2.1", 8443, ""))));
        eventually(() -> routes.endpoints(api).policy().pool().connections() == 7);
        assertThat(routes.endpoints(api).policy().pool().connect()).contains(Duration.ofMillis(1500));
        assertThat(routes.endpoints(api).policy().outliers().orElseThrow().errors())
                .isEqualTo(3);
        assertThat(listens.get()).containsExactly(new Listen(8090, ":8090", false));
        assertThat(feed.applied()).containsKeys("ServiceEntry/shop/api", "DestinationRule/shop/api");
    }

    @Test
    void refusesWhatTheKindsForbid() {
        assertThatThrownBy(() -> cluster.apply(RULE.replace("maxEjectionPercent: 100", "maxEjectionPercent: 200")))
                .hasMessageContaining("maxEjectionPercent");
        assertThatThrownBy(() -> cluster.apply(RULE.replace("connectTimeout: 1.5s", "connectTimeout: soon")))
                .hasMessageContaining("connectTimeout");
        assertThatThrownBy(() -> cluster.apply(
                        RULE.replace("connectionPool: {tcp", "tls: {mode: NONE}\n    connectionPool: {tcp")))
                .hasMessageContaining("mode");
        assertThatThrownBy(() -> cluster.apply(ENTRY.replace("resolution: DNS", "resolution: MAYBE")))
                .hasMessageContaining("resolution");
        assertThatThrownBy(() -> cluster.apply(ENTRY + "  endpoints: [{address: 192.0.2.7, ports: {http: 0}}]\n"))
                .hasMessageContaining("endpoints");
    }
}
