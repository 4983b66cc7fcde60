package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.INFRA;
import static dev.linnet.gateway.Conformance.OK;
import static dev.linnet.gateway.Conformance.RESOLVED;
import static dev.linnet.gateway.Conformance.V1;
import static dev.linnet.gateway.Conformance.V2;
import static dev.linnet.gateway.Conformance.V3;
import static dev.linnet.gateway.Conformance.gateway;
import static dev.linnet.gateway.Conformance.route;
import static dev.linnet.gateway.Conformance.rule;
import static dev.linnet.gateway.Conformance.sameNamespace;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.routing.ObjectRef;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official conformance tests of which requests HTTPRoutes match, under their names (spec of Istio, §6.12.1), through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpRouteConformanceTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final String MISDIRECTED = "/detect-misdirected-requests";

    private final Conformance shop = new Conformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    private String get(String path, String... headers) {
        return shop.get("example.com", path, headers);
    }

    @Test
    @DisplayName("HTTPRouteSimpleSameNamespace")
    void simpleSameNamespace() {
        shop.serves("- {" + to("v1") + "}\n");

        assertThat(get("/")).isEqualTo(V1);
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, RESOLVED);
        assertThat(Conformance.conditions(shop.gatewayStatus("same-namespace")))
                .containsExactly(OK, "Programmed True Programmed");
        assertThat(Conformance.conditions(shop.listener("same-namespace", "http")))
                .containsExactlyInAnyOrder(OK, "Conflicted False NoConflicts", RESOLVED, "Programmed True Programmed");
    }

    @Test
    @DisplayName("HTTPRouteExactPathMatching")
    void exactPathMatching() {
        shop.serves(
                rule("{path: {type: Exact, value: /one}}", "v1") + rule("{path: {type: Exact, value: /two}}", "v2"));

        assertThat(get("/one")).isEqualTo(V1);
        assertThat(get("/two")).isEqualTo(V2);
        for (String other : List.of("/", "/one/example", "/two/", "/Two")) {
            assertThat(get(other)).as(other).isEqualTo("404");
        }
    }

    @Test
    @DisplayName("HTTPRouteHeaderMatching")
    void headerMatching() {
        shop.serves(rule("{headers: [{name: version, value: one}]}", "v1")
                + rule("{headers: [{name: version, value: two}]}", "v2")
                + rule("{headers: [{name: version, value: two}, {name: color, value: orange}]}", "v1")
                + rule("{headers: [{name: color, value: blue}]}, {headers: [{name: color, value: green}]}", "v1")
                + rule("{headers: [{name: color, value: red}]}, {headers: [{name: color, value: yellow}]}", "v2"));

        assertThat(get("/", "Version: one")).isEqualTo(V1);
        assertThat(get("/", "Version: two")).isEqualTo(V2);
        assertThat(get("/", "Version: two", "Color: orange")).isEqualTo(V1);
        assertThat(get("/", "Version: two", "Color: blue")).isEqualTo(V2);
        assertThat(get("/", "Color: orange")).isEqualTo("404");
        assertThat(get("/", "Some-Other-Header: one")).isEqualTo("404");
        assertThat(get("/", "Color: blue")).isEqualTo(V1);
        assertThat(get("/", "Color: green")).isEqualTo(V1);
        assertThat(get("/", "Color: red")).isEqualTo(V2);
        assertThat(get("/", "Color: yellow")).isEqualTo(V2);
        assertThat(get("/", "Color: purple")).isEqualTo("404");
    }

    @Test
    @DisplayName("HTTPRouteMatching")
    void matching() {
        shop.serves(rule("{path: {value: /}}, {headers: [{name: version, value: one}]}", "v1")
                + rule("{path: {value: /v2}}, {headers: [{name: version, value: two}]}", "v2"));

        assertThat(get("/")).isEqualTo(V1);
        assertThat(get("/example")).isEqualTo(V1);
        assertThat(get("/", "Version: one")).isEqualTo(V1);
        assertThat(get("/v2")).isEqualTo(V2);
        assertThat(get("/v2/example")).isEqualTo(V2);
        assertThat(get("/", "Version: two")).isEqualTo(V2);
        assertThat(get("/v2/")).isEqualTo(V2);
        assertThat(get("/v2example")).isEqualTo(V1);
        assertThat(get("/foo/v2/example")).isEqualTo(V1);
    }

    @Test
    @DisplayName("HTTPRouteMatchingAcrossRoutes")
    void matchingAcrossRoutes() {
        shop.obeys(
                sameNamespace(),
                route(
                        "part1",
                        "hostnames: [example.com, example.net]\nrules:\n"
                                + rule("{path: {value: /}}, {headers: [{name: version, value: one}]}", "v1")),
                route(
                        "part2",
                        "hostnames: [example.com]\nrules:\n"
                                + rule("{path: {value: /v2}}, {headers: [{name: version, value: two}]}", "v2")));

        assertThat(shop.get("example.com", "/")).isEqualTo(V1);
        assertThat(shop.get("example.com", "/example")).isEqualTo(V1);
        assertThat(shop.get("example.net", "/example")).isEqualTo(V1);
        assertThat(shop.get("example.com", "/example", "Version: one")).isEqualTo(V1);
        assertThat(shop.get("example.com", "/v2")).isEqualTo(V2);
        assertThat(shop.get("example.net", "/v2")).isEqualTo(V1);
        assertThat(shop.get("example.com", "/v2/example")).isEqualTo(V2);
        assertThat(shop.get("example.com", "/", "Version: two")).isEqualTo(V2);
        assertThat(shop.get("example.org", "/")).isEqualTo("404");
    }

    @Test
    @DisplayName("HTTPRoutePathMatchOrder")
    void pathMatchOrder() {
        shop.serves(rule("{path: {type: Exact, value: /match}}", "v1")
                + rule("{path: {type: Exact, value: /match/exact}}", "v2")
                + rule("{path: {type: Exact, value: /match/exact/one}}", "v3")
                + rule("{path: {value: /match/}}", "v3")
                + rule("{path: {value: /match/prefix/}}", "v1")
                + rule("{path: {value: /match/prefix/one}}", "v2"));

        assertThat(get("/match/exact/one")).isEqualTo(V3);
        assertThat(get("/match/exact")).isEqualTo(V2);
        assertThat(get("/match")).isEqualTo(V1);
        assertThat(get("/match/prefix/one/any")).isEqualTo(V2);
        assertThat(get("/match/prefix/any")).isEqualTo(V1);
        assertThat(get("/match/any")).isEqualTo(V3);
    }

    @Test
    @DisplayName("HTTPRouteMethodMatching")
    void methodMatching() {
        shop.serves(rule("{method: POST}", "v1")
                + rule("{method: GET}", "v2")
                + rule("{path: {value: /path1}, method: GET}", "v1")
                + rule("{headers: [{name: version, value: one}], method: PUT}", "v2")
                + rule("{path: {value: /path2}, headers: [{name: version, value: two}], method: POST}", "v3")
                + rule(
                        "{path: {value: /path3}, method: PATCH}, {path: {value: /path4}, method: DELETE, headers: [{name: version, value: three}]}",
                        "v1")
                + rule("{path: {value: /path5}}", "v1")
                + rule("{method: PATCH}", "v2")
                + rule("{headers: [{name: version, value: four}]}", "v3"));

        assertThat(ask("POST", "/")).isEqualTo(V1);
        assertThat(ask("GET", "/")).isEqualTo(V2);
        assertThat(ask("GET", "/path1")).isEqualTo(V1);
        assertThat(ask("PUT", "/", "Version: one")).isEqualTo(V2);
        assertThat(ask("POST", "/path2", "Version: two")).isEqualTo(V3);
        assertThat(ask("PATCH", "/path3")).isEqualTo(V1);
        assertThat(ask("DELETE", "/path4", "Version: three")).isEqualTo(V1);
        assertThat(ask("PUT", "/")).isEqualTo("404");
        assertThat(ask("DELETE", "/path4")).isEqualTo("404");
        assertThat(ask("PATCH", "/path5")).isEqualTo(V1);
        assertThat(ask("PATCH", "/", "Version: four")).isEqualTo(V2);
    }

    private String ask(String method, String path, String... headers) {
        return Conformance.who(shop.ask(method, "example.com", path, headers));
    }

    @Test
    @DisplayName("HTTPRouteQueryParamMatching")
    void queryParamMatching() {
        shop.serves(rule("{queryParams: [{name: animal, value: whale}]}", "v1")
                + rule("{queryParams: [{name: animal, value: dolphin}]}", "v2")
                + rule(
                        "{queryParams: [{name: animal, value: dolphin}, {name: color, value: blue}]}, {queryParams: [{name: ANIMAL, value: Whale}]}",
                        "v3")
                + rule("{path: {value: /path1}, queryParams: [{name: animal, value: whale}]}", "v1")
                + rule("{headers: [{name: version, value: one}], queryParams: [{name: animal, value: whale}]}", "v2")
                + rule(
                        "{path: {value: /path2}, headers: [{name: version, value: two}], queryParams: [{name: animal, value: whale}]}",
                        "v3")
                + rule("{path: {value: /path5}}", "v1")
                + rule("{queryParams: [{name: animal, value: hydra}]}", "v2")
                + rule("{headers: [{name: version, value: four}]}", "v3"));

        assertThat(get("/?animal=whale")).isEqualTo(V1);
        assertThat(get("/?animal=dolphin")).isEqualTo(V2);
        assertThat(get("/?animal=dolphin&color=blue")).isEqualTo(V3);
        assertThat(get("/?ANIMAL=Whale")).isEqualTo(V3);
        assertThat(get("/?animal=whale&otherparam=irrelevant")).isEqualTo(V1);
        assertThat(get("/?animal=dolphin&color=yellow")).isEqualTo(V2);
        for (String other : List.of("/?color=blue", "/?animal=dog", "/?animal=whaledolphin", "/")) {
            assertThat(get(other)).as(other).isEqualTo("404");
        }
        assertThat(get("/path1?animal=whale")).isEqualTo(V1);
        assertThat(get("/?animal=whale", "Version: one")).isEqualTo(V2);
        assertThat(get("/path2?animal=whale", "Version: two")).isEqualTo(V3);
        assertThat(get("/path5?animal=hydra")).isEqualTo(V1);
        assertThat(get("/?animal=hydra", "Version: four")).isEqualTo(V3);
    }

    @Test
    @DisplayName("HTTPRouteNamedRule")
    void namedRule() {
        shop.serves("- {name: named-rule, matches: [{path: {value: /named}}], " + to("v1") + "}\n"
                + rule("{path: {value: /unnamed}}", "v2"));

        assertThat(get("/named")).isEqualTo(V1);
        assertThat(get("/unnamed")).isEqualTo(V2);
    }

    @Test
    @DisplayName("HTTPRouteNoBackendRefs")
    void noBackendRefs() {
        shop.serves("- {matches: [{path: {type: Exact, value: /omitted-no-forward}}]}\n"
                + "- {matches: [{path: {type: Exact, value: /empty-no-forward}}], backendRefs: []}\n"
                + rule("{path: {value: /}}", "v1"));

        assertThat(get("/forward")).isEqualTo(V1);
        assertThat(get("/omitted-no-forward")).isEqualTo("500");
        assertThat(get("/empty-no-forward")).isEqualTo("500");
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, RESOLVED);
    }

    @Test
    @DisplayName("HTTPRouteWeight")
    void weight() {
        shop.serves("""
                - backendRefs:
                  - {name: infra-backend-v1, port: 8080, weight: 70}
                  - {name: infra-backend-v2, port: 8080, weight: 30}
                  - {name: infra-backend-v3, port: 8080, weight: 0}
                """);
        int ones = 0;
        for (int i = 0; i < 500; i++) {
            String who = get("/");
            assertThat(who).isIn(V1, V2);
            ones += who.equals(V1) ? 1 : 0;
        }

        assertThat(ones).isBetween(350 - 52, 350 + 52); // five standard deviations
    }

    @Test
    void answersTheShareOfABackendThatCannotBeAskedWith500() {
        shop.serves("""
                - backendRefs:
                  - {name: infra-backend-v1, port: 8080, weight: 1}
                  - {name: nonexistent, port: 8080, weight: 1}
                  - {name: infra-backend-v2, port: 8080, weight: 2}
                - matches: [{path: {value: /none}}]
                  backendRefs: [{name: infra-backend-v1, port: 8080, weight: 0}]
                """);
        int refused = 0;
        int twos = 0;
        for (int i = 0; i < 400; i++) {
            String who = get("/");
            refused += who.equals("500") ? 1 : 0;
            twos += who.equals(V2) ? 1 : 0;
        }

        assertThat(refused).isBetween(100 - 44, 100 + 44);
        assertThat(twos).isBetween(200 - 50, 200 + 50);
        assertThat(get("/none")).isEqualTo("500");
    }

    @Test
    @DisplayName("HTTPRouteListenerHostnameMatching")
    void listenerHostnameMatching() {
        shop.obeys(
                gateway(
                        "hosts",
                        "{name: listener-1, port: 80, protocol: HTTP, hostname: bar.com}",
                        "{name: listener-2, port: 80, protocol: HTTP, hostname: foo.bar.com}",
                        "{name: listener-3, port: 80, protocol: HTTP, hostname: '*.bar.com'}",
                        "{name: listener-4, port: 80, protocol: HTTP, hostname: '*.foo.com'}"),
                route(INFRA, "b1", "parentRefs: [{name: hosts, sectionName: listener-1}]\nrules: [{" + to("v1") + "}]"),
                route(INFRA, "b2", "parentRefs: [{name: hosts, sectionName: listener-2}]\nrules: [{" + to("v2") + "}]"),
                route(
                        INFRA,
                        "b3",
                        "parentRefs: [{name: hosts, sectionName: listener-3}, {name: hosts, sectionName: listener-4}]\nrules: [{"
                                + to("v3") + "}]"));

        assertThat(shop.get("bar.com", "/")).isEqualTo(V1);
        assertThat(shop.get("foo.bar.com", "/")).isEqualTo(V2);
        for (String host :
                List.of("baz.bar.com", "boo.bar.com", "multiple.prefixes.bar.com", "multiple.prefixes.foo.com")) {
            assertThat(shop.get(host, "/")).as(host).isEqualTo(V3);
        }
        assertThat(shop.get("foo.com", "/")).isEqualTo("404");
        assertThat(shop.get("no.matching.host", "/")).isEqualTo("404");
    }

    @Test
    @DisplayName("HTTPRouteListenerPortMatching")
    void listenerPortMatching() {
        String listener = "{name: listener-%d, port: %d, protocol: HTTP, hostname: %s}";
        String parent = "parentRefs: [{name: ports, %s}]\nrules: [{%s}]";
        shop.obeys(
                gateway(
                        "ports",
                        listener.formatted(1, 80, "foo.com"),
                        listener.formatted(2, 8080, "foo.com"),
                        listener.formatted(3, 8080, "bar.com"),
                        listener.formatted(4, 8090, "foo.com"),
                        listener.formatted(5, 8090, "bar.com")),
                route(INFRA, "b1", parent.formatted("port: 80", to("v1"))),
                route(INFRA, "b2", parent.formatted("port: 8080", to("v2"))),
                route(INFRA, "b3", parent.formatted("port: 8090, sectionName: listener-4", to("v3"))));

        assertThat(shop.get("foo.com", "/")).isEqualTo(V1);
        assertThat(shop.get("bar.com", "/")).isEqualTo("404");
        assertThat(shop.getAt(8080, "foo.com:8080")).isEqualTo(V2);
        assertThat(shop.getAt(8080, "bar.com:8080")).isEqualTo(V2);
        assertThat(shop.getAt(8090, "foo.com:8090")).isEqualTo(V3);
        assertThat(shop.getAt(8090, "bar.com:8090")).isEqualTo("404");
    }

    @Test
    @DisplayName("HTTPRouteHostnameIntersection")
    void hostnameIntersection() {
        String parent = "parentRefs: [{name: hosts}]\n";
        shop.obeys(
                gateway(
                        "hosts",
                        "{name: listener-1, port: 80, protocol: HTTP, hostname: very.specific.com}",
                        "{name: listener-2, port: 80, protocol: HTTP, hostname: '*.wildcard.io'}",
                        "{name: listener-3, port: 80, protocol: HTTP, hostname: '*.anotherwildcard.io'}"),
                route(
                        INFRA,
                        "s1",
                        parent
                                + "hostnames: [non.matching.com, '*.nonmatchingwildcard.io', very.specific.com]\nrules:\n"
                                + rule("{path: {value: /s1}}", "v1")),
                route(
                        INFRA,
                        "s2",
                        parent
                                + "hostnames: [non.matching.com, wildcard.io, foo.wildcard.io, bar.wildcard.io, foo.bar.wildcard.io]\nrules:\n"
                                + rule("{path: {value: /s2}}", "v2")),
                route(
                        INFRA,
                        "s3",
                        parent + "hostnames: [non.matching.com, '*.specific.com']\nrules:\n"
                                + rule("{path: {value: /s3}}", "v3")),
                route(
                        INFRA,
                        "s4",
                        parent + "hostnames: ['*.anotherwildcard.io']\nrules:\n" + rule("{path: {value: /s4}}", "v1")),
                route(
                        INFRA,
                        "s5",
                        parent + "hostnames: [specific.but.wrong.com, wildcard.io]\nrules:\n"
                                + rule("{path: {value: /s5}}", "v2")));

        assertThat(shop.get("very.specific.com", "/s1")).isEqualTo(V1);
        assertThat(shop.get("very.specific.com:1234", "/s1")).isEqualTo(V1);
        assertThat(shop.get("non.matching.com", "/s1")).isEqualTo("404");
        assertThat(shop.get("foo.nonmatchingwildcard.io", "/s1")).isEqualTo("404");
        assertThat(shop.get("very.specific.com", "/non-matching-prefix")).isEqualTo("404");
        for (String host : List.of("foo.wildcard.io", "bar.wildcard.io", "foo.bar.wildcard.io")) {
            assertThat(shop.get(host, "/s2")).as(host).isEqualTo(V2);
        }
        assertThat(shop.get("wildcard.io", "/s2")).isEqualTo("404");
        assertThat(shop.get("very.specific.com", "/s3")).isEqualTo(V3);
        assertThat(shop.get("foo.specific.com", "/s3")).isEqualTo("404");
        assertThat(shop.get("one.anotherwildcard.io", "/s4")).isEqualTo(V1);
        assertThat(shop.get("one.two.three.anotherwildcard.io", "/s4")).isEqualTo(V1);
        assertThat(shop.get("anotherwildcard.io", "/s4")).isEqualTo("404");
        assertThat(shop.get("wildcard.io", "/s5")).isEqualTo("404");
        assertThat(shop.routeConditions(INFRA, "s5"))
                .containsExactly("Accepted False NoMatchingListenerHostname", RESOLVED);
        assertThat(shop.listener("hosts", "listener-1").path("attachedRoutes").asInt())
                .isEqualTo(2);
        assertThat(shop.listener("hosts", "listener-2").path("attachedRoutes").asInt())
                .isEqualTo(1);
        assertThat(shop.listener("hosts", "listener-3").path("attachedRoutes").asInt())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("HTTPRouteHTTPSListener")
    void httpsListener() {
        String tls = "tls: {certificateRefs: [{name: tls-validity-checks-certificate}]}";
        shop.obeys(
                gateway(
                        "secure",
                        "{name: https, port: 443, protocol: HTTPS, " + tls + "}",
                        "{name: https-with-hostname, port: 443, protocol: HTTPS, hostname: second-example.org, " + tls
                                + "}"),
                route(
                        INFRA,
                        "one",
                        "parentRefs: [{name: secure}]\nhostnames: [example.org]\nrules: [{" + to("v1") + "}]"),
                route(
                        INFRA,
                        "two",
                        "parentRefs: [{name: secure, sectionName: https-with-hostname}]\nrules: [{" + to("v2") + "}]"));

        assertThat(shop.secure("https://example.org/")).isEqualTo(V1);
        assertThat(shop.secure("https://unknown-example.org/")).isEqualTo("404");
        assertThat(shop.secure("https://second-example.org/")).isEqualTo(V2);
        assertThat(shop.get("example.org", "/")).as("without TLS").isEqualTo("404");
    }

    /** The shared Gateway with its four listeners, and a route for each. */
    private void fourListeners() {
        String listener = "{name: %s, port: 443, protocol: HTTPS, hostname: '%s',"
                + " tls: {certificateRefs: [{name: tls-validity-checks-certificate}]}}";
        String route = "parentRefs: [{name: secure, sectionName: %s}]\nrules:\n"
                + rule("{path: {value: " + MISDIRECTED + "}}", "%s");
        shop.tls.shows("", AUTHORITY.issue("example.org"));
        shop.obeys(
                gateway(
                        "secure",
                        listener.formatted("https", "").replace(" hostname: '',", ""),
                        listener.formatted("https-with-hostname", "second-example.org"),
                        listener.formatted("https-with-wildcard-hostname", "*.wildcard.org"),
                        listener.formatted("https-with-hostname-matching-wildcard", "fourth-example.wildcard.org")),
                route(INFRA, "one", route.formatted("https", "v1") + "hostnames: [example.org]\n"),
                route(INFRA, "two", route.formatted("https-with-hostname", "v2")),
                route(INFRA, "three", route.formatted("https-with-wildcard-hostname", "v3")),
                route(INFRA, "four", route.formatted("https-with-hostname-matching-wildcard", "v1")));
    }

    @ParameterizedTest(name = "HTTPRouteHTTPSListenerDetectMisdirectedRequests: {0}, {1}")
    @CsvSource({
        "example.org, example.org, infra-backend-v1",
        "example.org, second-example.org, 421",
        "example.org, unknown-example.org, 404",
        "second-example.org, second-example.org, infra-backend-v2",
        "second-example.org, example.org, 421",
        "second-example.org, unknown-example.org, 421",
        "third-example.wildcard.org, third-example.wildcard.org, infra-backend-v3",
        "third-example.wildcard.org, fith-example.wildcard.org, infra-backend-v3",
        "third-example.wildcard.org, fourth-example.wildcard.org, 421",
        "third-example.wildcard.org, second-example.org, 421",
        "third-example.wildcard.org, unknown-example.org, 421",
        "fourth-example.wildcard.org, fourth-example.wildcard.org, infra-backend-v1",
        "fourth-example.wildcard.org, fith-example.wildcard.org, 421",
        "unknown-example.org, example.org, infra-backend-v1",
        "unknown-example.org, unknown-example.org, 404"
    })
    void detectMisdirectedRequests(String serverName, String host, String who) {
        fourListeners();

        try (Frames client = shop.tls.connectHttp2(AUTHORITY.context(), serverName)) {
            Frames.Answer answer = client.fields(
                            1, true, ":method", "GET", ":scheme", "https", ":authority", host, ":path", MISDIRECTED)
                    .answer(1);

            assertThat(
                            answer.status() == 200
                                    ? answer.body.toString().lines().findFirst().orElse("")
                                    : String.valueOf(answer.status()))
                    .isEqualTo(who);
        }
        assertThat(Conformance.who(shop.tls.get(AUTHORITY.context(), "second-example.org", MISDIRECTED)))
                .as("over HTTP/1.1")
                .isEqualTo(V2);
    }

    @Test
    void servesWhoeverNamesNoHostInItsHandshake() {
        fourListeners();

        try (Conversation client = new Conversation(shop.tls.connect(AUTHORITY.context(), ""))) {
            assertThat(Conformance.who(client.get("second-example.org", MISDIRECTED)))
                    .isEqualTo(V2);
        }
    }

    @Test
    void saysWhichListenersHaveHostsInCommonAsLongAsTheyHave() {
        fourListeners();
        JsonNode before = shop.gatewayStatus("secure");

        assertThat(before.path("listeners").valueStream().map(Conformance::conditions))
                .hasSize(4)
                .allMatch(conditions -> conditions.contains("OverlappingTLSConfig True OverlappingHostnames"));

        shop.obeys(gateway(
                "secure",
                "{name: https, port: 443, protocol: HTTPS, hostname: example.org, tls: {certificateRefs: [{name: c}]}}",
                "{name: two, port: 443, protocol: HTTPS, hostname: example.com, tls: {certificateRefs: [{name: c}]}}",
                "{name: http, port: 80, protocol: HTTP}"));
        ObjectRef gateway = new ObjectRef(GatewayApiObject.GATEWAY, INFRA, "secure");
        assertThat(shop.status(gateway, before).toString())
                .contains("\"name\":\"https\"")
                .doesNotContain("OverlappingTLSConfig");
    }
}
