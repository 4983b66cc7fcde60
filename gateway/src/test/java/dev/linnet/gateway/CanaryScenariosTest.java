package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Orphans;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * ingress-nginx's own canary tests (spec §8.1), over real sockets: manifests go into a Kubernetes API, requests into the gateway.
 * CAN-23 to CAN-25 are about session affinity and stand with it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanaryScenariosTest {
    private static final String PREFIX = "nginx.ingress.kubernetes.io/";
    private static final String PRIMARY_SVC = "httpbun";
    private static final String CANARY_SVC = "httpbun-canary";
    private static final String PRIMARY = "httpbun-5c7d";
    private static final String CANARY = "httpbun-canary-9f2a";
    private static final String BY_HEADER = "canary-by-header";

    private final ScriptedUpstream primary = ScriptedUpstream.saying(PRIMARY);
    private final ScriptedUpstream canary = ScriptedUpstream.saying(CANARY);
    private final List<Ingress> created = new ArrayList<>();
    private final Cluster cluster;
    private final KubernetesClient client;
    private final Gateway gateway;
    private final Feed feed;

    CanaryScenariosTest(@TempDir Path directory) throws Exception {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        gateway = Gateway.start(GatewaySettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        feed = new Feed(client, ClassSettings.DEFAULT, gateway.routes());
    }

    @BeforeAll
    void fixture() {
        cluster.create(Shop.service(PRIMARY_SVC));
        cluster.create(Shop.service(CANARY_SVC));
        cluster.create(slice(PRIMARY_SVC, primary.endpoint()));
        cluster.create(slice(CANARY_SVC, canary.endpoint()));
        feed.start();
        eventually(feed::synced);
    }

    @AfterEach
    void removeIngresses() {
        created.forEach(cluster::delete);
        created.clear();
        eventually(() -> gateway.routes().table().rules().isEmpty());
    }

    @AfterAll
    void close() {
        feed.close();
        client.close();
        gateway.close();
        cluster.close();
        primary.close();
        canary.close();
    }

    @Test
    void can01RequestWithoutTheHeaderGoesToThePrimary() {
        primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(get()).isEqualTo(PRIMARY);
    }

    /** ingress-nginx takes up to 4.5 seconds, and its workers do not change together. */
    @Test
    void limitL27AChangeIsInForceOnAllConnectionsAtOnceAndAMomentAfterTheApiHasIt() {
        primaryIngress();
        Ingress canaryIngress = canaryIngress("canary-weight", "0");
        List<Conversation> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) { // dealt to all event loops in turn
            clients.add(Conversation.with(gateway.httpAddress()));
        }
        clients.forEach(one -> assertThat(onto(one)).isEqualTo(PRIMARY));

        Ingress changed = cluster.put(new IngressBuilder(canaryIngress)
                .editMetadata()
                .addToAnnotations(PREFIX + "canary-weight", "100")
                .endMetadata()
                .build());
        long since = System.nanoTime();
        obeyed(changed);
        Duration took = Duration.ofNanos(System.nanoTime() - since);

        clients.forEach(one -> assertThat(onto(one)).isEqualTo(CANARY));
        clients.forEach(Conversation::close);
        assertThat(took).isLessThan(Duration.ofSeconds(2));
    }

    private static String onto(Conversation client) {
        return client.send("GET /info HTTP/1.1\r\nHost: foo\r\n\r\n")
                .readResponse()
                .body();
    }

    @Test
    void can02CanaryAloneServesNothing() {
        canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(get("CanaryByHeader: always")).isEqualTo("404");
    }

    /** (a) is 200 here, by the rule, and not 503: the most complained-about behaviour of ingress-nginx. */
    @Test
    void can03OneSideWithoutEndpoints() {
        primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader");

        scale(PRIMARY_SVC);
        assertThat(get("CanaryByHeader: always")).isEqualTo(CANARY);
        assertThat(get("CanaryByHeader: never")).isEqualTo("503");
        assertThat(get()).isEqualTo("503");

        scale(PRIMARY_SVC, primary.endpoint());
        scale(CANARY_SVC);
        assertThat(get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: always")).isEqualTo(PRIMARY);
        scale(CANARY_SVC, canary.endpoint());
    }

    @Test
    void can04CanaryAfterThePrimary() {
        primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can05CanaryBeforeThePrimary() {
        canaryIngress(BY_HEADER, "CanaryByHeader");
        primaryIngress();

        assertThat(get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can06PrimaryIsUpdated() {
        Ingress ingress = primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader");

        put(new IngressBuilder(ingress)
                .editMetadata()
                .addToAnnotations("foo", "bar")
                .endMetadata()
                .build());

        assertThat(get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can07CanaryIsUpdated() {
        primaryIngress();
        Ingress ingress = canaryIngress(BY_HEADER, "CanaryByHeader");

        put(new IngressBuilder(ingress)
                .editMetadata()
                .addToAnnotations(PREFIX + BY_HEADER, "CanaryByHeader2")
                .endMetadata()
                .build());

        assertThat(get("CanaryByHeader2: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader2: always")).isEqualTo(CANARY);
    }

    @Test
    void can08HeaderAlwaysAndNever() {
        primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(get("CanaryByHeader: always")).isEqualTo(CANARY);
        assertThat(get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: badheadervalue")).isEqualTo(PRIMARY);
    }

    @Test
    void can09HeaderValue() {
        primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader", "canary-by-header-value", "DoCanary");

        assertThat(get("CanaryByHeader: DoCanary")).isEqualTo(CANARY);
        assertThat(get("CanaryByHeader: always")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: otherheadervalue")).isEqualTo(PRIMARY);
    }

    @Test
    void can10HeaderPattern() {
        primaryIngress();
        canaryIngress(BY_HEADER, "CanaryByHeader", "canary-by-header-pattern", "^Do[A-Z][a-z]+y$");

        assertThat(get("CanaryByHeader: DoCanary")).isEqualTo(CANARY);
        assertThat(get("CanaryByHeader: Docanary")).isEqualTo(PRIMARY);
    }

    @Test
    void can11ValueComesBeforePattern() {
        primaryIngress();
        canaryIngress(
                BY_HEADER,
                "CanaryByHeader",
                "canary-by-header-value",
                "DoCanary",
                "canary-by-header-pattern",
                "^Do[A-Z][a-z]+y$");

        assertThat(get("CanaryByHeader: DoCananry")).isEqualTo(PRIMARY);
    }

    @Test
    void can12BrokenPatternIsPrimary() {
        primaryIngress();
        canaryIngress(
                BY_HEADER,
                "CanaryByHeader",
                "canary-by-header-pattern",
                "[][**da?$&*",
                "canary-by-cookie",
                "CanaryByCookie");

        assertThat(get("CanaryByHeader: DoCanary", "Cookie: CanaryByCookie=always"))
                .isEqualTo(PRIMARY);
    }

    @Test
    void can13CookieDecidesWhereTheHeadersValueDoesNot() {
        primaryIngress();
        canaryIngress(
                BY_HEADER,
                "CanaryByHeader",
                "canary-by-header-value",
                "DoCanary",
                "canary-by-cookie",
                "CanaryByCookie");

        assertThat(get("CanaryByHeader: otherheadervalue", "Cookie: CanaryByCookie=always"))
                .isEqualTo(CANARY);
    }

    @Test
    void can14CookieAlwaysAndNever() {
        primaryIngress();
        canaryIngress("canary-by-cookie", "Canary-By-Cookie");

        for (int i = 0; i < 50; i++) {
            assertThat(get("Cookie: Canary-By-Cookie=always")).isEqualTo(CANARY);
            assertThat(get("Cookie: Canary-By-Cookie=never")).isEqualTo(PRIMARY);
            assertThat(get("Cookie: Canary-By-Cookie=badcookievalue")).isEqualTo(PRIMARY);
        }
    }

    @Test
    void can15WeightZero() {
        primaryIngress();
        canaryIngress("canary-weight", "0");

        assertThat(get()).isEqualTo(PRIMARY);
    }

    @Test
    void can16WeightHundred() {
        primaryIngress();
        canaryIngress("canary-weight", "100");

        assertThat(get()).isEqualTo(CANARY);
    }

    @Test
    void can17WeightThousandOfThousand() {
        primaryIngress();
        canaryIngress("canary-weight", "1000", "canary-weight-total", "1000");

        assertThat(get()).isEqualTo(CANARY);
    }

    @Test
    void can18WeightFiftySharesEvenly() {
        primaryIngress();
        canaryIngress("canary-weight", "50");

        sharesEvenly();
    }

    @Test
    void can19WeightHundredOfTwoHundredSharesEvenly() {
        primaryIngress();
        canaryIngress("canary-weight", "100", "canary-weight-total", "200");

        sharesEvenly();
    }

    @Test
    void can20CatchAllCanary() {
        create(annotated(defaultBackend("foo-canary", CANARY_SVC), "canary", "true", BY_HEADER, "CanaryByHeader"));
        create(defaultBackend("foo", PRIMARY_SVC));

        assertThat(ask("unknown", "/")).isEqualTo(PRIMARY);
        assertThat(ask("unknown", "/", "CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can21CanaryMakesNoHostOfItsOwn() {
        canaryIngress(BY_HEADER, "CanaryByHeader");
        create(ingress("bar", "bar", PRIMARY_SVC, "/info"));

        assertThat(ask("foo", "/info", "CanaryByHeader: always")).isEqualTo("404");
        assertThat(ask("bar", "/info", "CanaryByHeader: always")).isEqualTo(PRIMARY);
    }

    @Test
    void can22CanaryToAServiceThatDoesNotExist() {
        create(annotated(
                ingress("foo-canary", "foo", "httpy-svc-canary", "/foo", "/bar"),
                "canary",
                "true",
                BY_HEADER,
                "CanaryByHeader"));
        primaryIngress();

        assertThat(get()).isEqualTo(PRIMARY);
        assertThat(get("CanaryByHeader: always")).isEqualTo(PRIMARY);
    }

    /** Limits L5, L6 and L22: what cannot serve shows in a metric, too. */
    @Test
    void limitL06OrphansShowInTheMetricOfIngressNginx() {
        primaryIngress();
        create(annotated(
                ingress("foo-canary", "foo", "httpy-svc-canary", "/info"),
                "canary",
                "true",
                BY_HEADER,
                "CanaryByHeader"));
        scale(PRIMARY_SVC);
        PrometheusPage page = new PrometheusPage(Map.of());

        eventually(() -> feed.followed().stream()
                        .filter(object -> object.lack().isPresent())
                        .count()
                == 2);
        new Orphans(feed).writeTo(page);

        assertThat(page.text())
                .contains(
                        "nginx_ingress_controller_orphan_ingress{ingress=\"foo\",namespace=\"shop\",type=\"no-endpoint\"} 1\n")
                .contains(
                        "nginx_ingress_controller_orphan_ingress{ingress=\"foo-canary\",namespace=\"shop\",type=\"no-service\"} 1\n");
        scale(PRIMARY_SVC, primary.endpoint());
    }

    private void sharesEvenly() {
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            served.merge(get(), 1, Integer::sum);
        }
        assertThat(served.keySet()).isEqualTo(Set.of(PRIMARY, CANARY));
        assertThat(served.values()).allMatch(count -> count >= 80);
    }

    private Ingress primaryIngress() {
        return create(ingress("foo", "foo", PRIMARY_SVC, "/info"));
    }

    private Ingress canaryIngress(String... annotations) {
        List<String> all = new ArrayList<>(List.of("canary", "true"));
        all.addAll(List.of(annotations));
        return create(annotated(ingress("foo-canary", "foo", CANARY_SVC, "/info"), all.toArray(String[]::new)));
    }

    private static Ingress ingress(String name, String host, String service, String... paths) {
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

    private static Ingress defaultBackend(String name, String service) {
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

    private static Ingress annotated(Ingress ingress, String... annotations) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            all.put(PREFIX + annotations[i], annotations[i + 1]);
        }
        return Shop.annotated(ingress, all);
    }

    private Ingress create(Ingress ingress) {
        Ingress now = cluster.create(ingress);
        created.add(now);
        obeyed(now);
        return now;
    }

    private void put(Ingress ingress) {
        obeyed(cluster.put(ingress));
    }

    private void obeyed(Ingress ingress) {
        String version = ingress.getMetadata().getResourceVersion();
        String name = "Ingress/shop/" + ingress.getMetadata().getName();
        eventually(() -> version.equals(feed.applied().get(name)));
    }

    private void scale(String service, Endpoint... endpoints) {
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

    private String get(String... headers) {
        return ask("foo", "/info", headers);
    }

    /** Who answered, or the status if nobody did. */
    private String ask(String host, String path, String... headers) {
        try (Conversation conversation = Conversation.with(gateway.httpAddress())) {
            Conversation.Response response = conversation.get(host, path, headers);
            return response.status() == 200 ? response.body() : String.valueOf(response.status());
        }
    }

    private static void eventually(BooleanSupplier condition) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(10))
                .until(condition::getAsBoolean);
    }
}
