package dev.linnet.gateway;

import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A gateway that obeys a Kubernetes API, with a Service and its canary. */
final class CanaryScene implements AutoCloseable {
    static final String PREFIX = "nginx.ingress.kubernetes.io/";
    static final String PRIMARY_SVC = "httpbun";
    static final String CANARY_SVC = "httpbun-canary";
    static final String PRIMARY = "httpbun-5c7d";
    static final String CANARY = "httpbun-canary-9f2a";
    static final String BY_HEADER = "canary-by-header";

    final ScriptedUpstream primary = ScriptedUpstream.saying(PRIMARY);
    final ScriptedUpstream canary = ScriptedUpstream.saying(CANARY);
    final Cluster cluster;
    final Gateway gateway;
    final Feed feed;
    private final KubernetesClient client;
    private final List<Ingress> created = new ArrayList<>();

    CanaryScene(Path directory) throws Exception {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        gateway = Gateway.start(GatewaySettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        feed = new Feed(client, ClassSettings.DEFAULT, gateway.routes());
        cluster.create(Shop.service(PRIMARY_SVC));
        cluster.create(Shop.service(CANARY_SVC));
        cluster.create(slice(PRIMARY_SVC, primary.endpoint()));
        cluster.create(slice(CANARY_SVC, canary.endpoint()));
        feed.start();
        eventually(feed::synced);
    }

    void removeIngresses() {
        created.forEach(cluster::delete);
        created.clear();
        eventually(() -> gateway.routes().table().rules().isEmpty());
    }

    Ingress primaryIngress() {
        return create(ingress("foo", "foo", PRIMARY_SVC, "/info"));
    }

    Ingress canaryIngress(String... annotations) {
        List<String> all = new ArrayList<>(List.of("canary", "true"));
        all.addAll(List.of(annotations));
        return create(annotated(ingress("foo-canary", "foo", CANARY_SVC, "/info"), all.toArray(String[]::new)));
    }

    static Ingress ingress(String name, String host, String service, String... paths) {
        Ingress one = Shop.ingress(name, host, service);
        var backend = one.getSpec()
                .getRules()
                .getFirst()
                .getHttp()
                .getPaths()
                .getFirst()
                .getBackend();
        var http = new io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressRuleValueBuilder();
        for (String path : paths) {
            http.addNewPath()
                    .withPath(path)
                    .withPathType("Prefix")
                    .withBackend(backend)
                    .endPath();
        }
        one.getSpec().getRules().getFirst().setHttp(http.build());
        return one;
    }

    static Ingress defaultBackend(String name, String service) {
        Ingress one = Shop.ingress(name, "foo", service);
        one.getSpec()
                .setDefaultBackend(one.getSpec()
                        .getRules()
                        .getFirst()
                        .getHttp()
                        .getPaths()
                        .getFirst()
                        .getBackend());
        one.getSpec().setRules(List.of());
        return one;
    }

    static Ingress annotated(Ingress ingress, String... annotations) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            all.put(PREFIX + annotations[i], annotations[i + 1]);
        }
        return Shop.annotated(ingress, all);
    }

    Ingress create(Ingress ingress) {
        Ingress now = cluster.create(ingress);
        created.add(now);
        obeyed(now);
        return now;
    }

    void put(Ingress ingress) {
        obeyed(cluster.put(ingress));
    }

    void obeyed(Ingress ingress) {
        String version = ingress.getMetadata().getResourceVersion();
        String name = "Ingress/shop/" + ingress.getMetadata().getName();
        eventually(() -> version.equals(feed.applied().get(name)));
    }

    void scale(String service, Endpoint... endpoints) {
        cluster.put(slice(service, endpoints));
        ServiceRef ref = new ServiceRef("shop", service, "80");
        eventually(() -> gateway.routes().endpointsOf(ref).size() == endpoints.length);
    }

    private static EndpointSlice slice(String service, Endpoint... endpoints) {
        int port = endpoints.length == 0 ? 1 : endpoints[0].port();
        Set<String> addresses = new HashSet<>();
        List.of(endpoints).forEach(endpoint -> addresses.add(endpoint.address()));
        return new EndpointSliceBuilder(Shop.slice(service + "-1", service, addresses.toArray(String[]::new)))
                .editFirstPort()
                .withPort(port)
                .endPort()
                .build();
    }

    String get(String... headers) {
        return ask("foo", "/info", headers);
    }

    /** Who answered, or the status if nobody did. */
    String ask(String host, String path, String... headers) {
        try (Conversation conversation = Conversation.with(gateway.httpAddress())) {
            Conversation.Response response = conversation.get(host, path, headers);
            return response.status() == 200 ? response.body() : String.valueOf(response.status());
        }
    }

    static void eventually(BooleanSupplier condition) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(10))
                .until(condition::getAsBoolean);
    }

    @Override
    public void close() {
        feed.close();
        client.close();
        gateway.close();
        cluster.close();
        primary.close();
        canary.close();
    }
}
