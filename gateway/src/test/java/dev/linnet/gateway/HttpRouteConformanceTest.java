package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.APP;
import static dev.linnet.gateway.Conformance.INFRA;
import static dev.linnet.gateway.Conformance.WEB;
import static dev.linnet.gateway.Conformance.gateway;
import static dev.linnet.gateway.Conformance.route;
import static dev.linnet.gateway.Conformance.sameNamespace;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.ServiceRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official conformance tests of HTTPRoutes, under their names (spec of Istio, §6.12.1), through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpRouteConformanceTest {
    private static final String V1 = "infra-backend-v1";
    private static final String V2 = "infra-backend-v2";
    private static final String V3 = "infra-backend-v3";
    private static final String OK = "Accepted True Accepted";
    private static final String RESOLVED = "ResolvedRefs True ResolvedRefs";

    private final Conformance shop = new Conformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    /** One route of the shared Gateway. */
    private void obeys(String rules) {
        shop.obeys(sameNamespace(), route("r", "rules:\n" + rules));
        assertThat(shop.routeConditions(INFRA, "r")).first().isEqualTo(OK);
    }

    private static String rule(String matches, String version) {
        return "- {matches: [" + matches + "], " + to(version) + "}\n";
    }

    private String get(String path, String... headers) {
        return shop.get("example.com", path, headers);
    }

    @Test
    @DisplayName("HTTPRouteSimpleSameNamespace")
    void simpleSameNamespace() {
        obeys("- {" + to("v1") + "}\n");

        assertThat(get("/")).isEqualTo(V1);
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, RESOLVED);
        assertThat(Conformance.conditions(shop.gatewayStatus("same-namespace")))
                .containsExactly(OK, "Programmed True Programmed");
        assertThat(Conformance.conditions(shop.listener("same-namespace", "http")))
                .containsExactlyInAnyOrder(OK, "Conflicted False NoConflicts", RESOLVED, "Programmed True Programmed");
    }

    @Test
    @DisplayName("HTTPRouteCrossNamespace")
    void crossNamespace() {
        shop.obeys(gateway("backend-namespaces", """
                        {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector,
                            selector: {matchLabels: {gateway-conformance: backend}}}}}"""), route(WEB, "r", """
                        parentRefs: [{name: backend-namespaces, namespace: %s}]
                        rules: [{backendRefs: [{name: web-backend, port: 8080}]}]
                        """.formatted(INFRA)));

        assertThat(get("/")).isEqualTo("web-backend");
    }

    @Test
    @DisplayName("HTTPRouteExactPathMatching")
    void exactPathMatching() {
        obeys(rule("{path: {type: Exact, value: /one}}", "v1") + rule("{path: {type: Exact, value: /two}}", "v2"));

        assertThat(get("/one")).isEqualTo(V1);
        assertThat(get("/two")).isEqualTo(V2);
        for (String other : List.of("/", "/one/example", "/two/", "/Two")) {
            assertThat(get(other)).as(other).isEqualTo("404");
        }
    }

    @Test
    @DisplayName("HTTPRouteHeaderMatching")
    void headerMatching() {
        obeys(rule("{headers: [{name: version, value: one}]}", "v1")
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
        obeys(rule("{path: {value: /}}, {headers: [{name: version, value: one}]}", "v1")
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
        obeys(rule("{path: {type: Exact, value: /match}}", "v1")
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
        obeys(rule("{method: POST}", "v1")
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
        obeys(rule("{queryParams: [{name: animal, value: whale}]}", "v1")
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
        obeys("- {name: named-rule, matches: [{path: {value: /named}}], " + to("v1") + "}\n"
                + rule("{path: {value: /unnamed}}", "v2"));

        assertThat(get("/named")).isEqualTo(V1);
        assertThat(get("/unnamed")).isEqualTo(V2);
    }

    @Test
    @DisplayName("HTTPRouteNoBackendRefs")
    void noBackendRefs() {
        obeys("- {matches: [{path: {type: Exact, value: /omitted-no-forward}}]}\n"
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
        obeys("""
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
        obeys("""
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

    @Test
    @DisplayName("HTTPRouteReferenceGrant")
    void referenceGrant() {
        String route = route("r", "rules: [{backendRefs: [{name: web-backend, namespace: " + WEB + ", port: 8080}]}]");
        shop.obeys(sameNamespace(), route, grant(WEB, "HTTPRoute", INFRA, "Service", "web-backend"));
        assertThat(get("/")).isEqualTo("web-backend");

        shop.obeys(sameNamespace(), route);
        assertThat(get("/")).isEqualTo("500");
    }

    private static String grant(String in, String fromKind, String from, String toKind, String toName) {
        return grant(in, "gateway.networking.k8s.io", fromKind, from, "''", toKind, toName);
    }

    private static String grant(
            String in, String fromGroup, String fromKind, String from, String toGroup, String toKind, String toName) {
        return """
                apiVersion: gateway.networking.k8s.io/v1beta1
                kind: ReferenceGrant
                metadata: {name: grant-%s, namespace: %s}
                spec:
                  from: [{group: %s, kind: %s, namespace: %s}]
                  to: [{group: %s, kind: %s, name: %s}]
                ---
                """.formatted(
                fromKind.toLowerCase(java.util.Locale.ROOT), in, fromGroup, fromKind, from, toGroup, toKind, toName);
    }

    @Test
    @DisplayName("HTTPRouteInvalidReferenceGrant")
    void invalidReferenceGrant() {
        String group = "gateway.networking.k8s.io";
        String route = route("r", "rules: [{backendRefs: [{name: web-backend, namespace: " + WEB + ", port: 8080}]}]");
        for (String wrong : List.of(
                grant(INFRA, group, "HTTPRoute", INFRA, "''", "Service", "web-backend"),
                grant(WEB, "''", "HTTPRoute", INFRA, "''", "Service", "web-backend"),
                grant(WEB, group, "Gateway", INFRA, "''", "Service", "web-backend"),
                grant(WEB, group, "HTTPRoute", APP, "''", "Service", "web-backend"),
                grant(WEB, group, "HTTPRoute", INFRA, group, "Service", "web-backend"),
                grant(WEB, group, "HTTPRoute", INFRA, "''", "Secret", "web-backend"),
                grant(WEB, group, "HTTPRoute", INFRA, "''", "Service", "other"))) {
            shop.obeys(sameNamespace(), route, wrong);

            assertThat(get("/")).as(wrong).isEqualTo("500");
            assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, "ResolvedRefs False RefNotPermitted");
        }
    }

    @Test
    @DisplayName("HTTPRoutePartiallyInvalidViaInvalidReferenceGrant")
    void partiallyInvalidViaInvalidReferenceGrant() {
        shop.obeys(
                sameNamespace(),
                route("r", """
                        rules:
                        - {matches: [{path: {value: /v2}}], backendRefs: [{name: app-backend-v2, namespace: %s, port: 8080}]}
                        - {backendRefs: [{name: app-backend-v1, namespace: %s, port: 8080}]}
                        """.formatted(APP, APP)),
                grant(APP, "HTTPRoute", INFRA, "Service", "app-backend-v1"));

        assertThat(get("/v2")).isEqualTo("500");
        assertThat(get("/")).isEqualTo("app-backend-v1");
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, "ResolvedRefs False RefNotPermitted");
    }

    @ParameterizedTest
    @DisplayName(
            "HTTPRouteInvalidCrossNamespaceBackendRef, HTTPRouteInvalidNonExistentBackendRef, HTTPRouteInvalidBackendRefUnknownKind")
    @ValueSource(
            strings = {
                "RefNotPermitted {name: web-backend, namespace: gateway-conformance-web-backend, port: 8080}",
                "BackendNotFound {name: nonexistent, port: 8080}",
                "BackendNotFound {name: infra-backend-v1, port: 1}",
                "InvalidKind {group: unknownkind.example.com, kind: NonExistent, name: my-custom-resource, port: 8080}"
            })
    void invalidBackendRef(String reasonAndRef) {
        String[] parts = reasonAndRef.split(" ", 2);
        obeys("- {backendRefs: [" + parts[1] + "]}\n");

        assertThat(get("/")).isEqualTo("500");
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, "ResolvedRefs False " + parts[0]);
    }

    @Test
    @DisplayName("HTTPRouteInvalidCrossNamespaceParentRef")
    void invalidCrossNamespaceParentRef() {
        shop.obeys(sameNamespace(), route(WEB, "r", """
                        parentRefs: [{name: same-namespace, namespace: %s}]
                        rules: [{backendRefs: [{name: web-backend, port: 8080}]}]
                        """.formatted(INFRA)));

        assertThat(get("/")).isEqualTo("404");
        assertThat(shop.routeConditions(WEB, "r")).containsExactly("Accepted False NotAllowedByListeners", RESOLVED);
        assertThat(shop.listener("same-namespace", "http")
                        .path("attachedRoutes")
                        .asInt())
                .isZero();
    }

    @Test
    @DisplayName("HTTPRouteDisallowedKind")
    void disallowedKind() {
        shop.obeys(
                gateway("tlsroutes-only", """
                        {name: tls, port: 443, protocol: TLS, tls: {mode: Passthrough}, allowedRoutes: {kinds: [{kind: TLSRoute}]}}"""),
                route(INFRA, "r", "parentRefs: [{name: tlsroutes-only}]\nrules: [{" + to("v1") + "}]"));

        assertThat(shop.routeConditions(INFRA, "r")).containsExactly("Accepted False NotAllowedByListeners", RESOLVED);
        assertThat(shop.listener("tlsroutes-only", "tls").path("attachedRoutes").asInt())
                .isZero();
    }

    @ParameterizedTest
    @DisplayName(
            "HTTPRouteInvalidParentRefNotMatchingSectionName, …NotMatchingListenerPort, …SectionNameNotMatchingPort")
    @ValueSource(strings = {"sectionName: http1", "port: 81", "port: 81, sectionName: http"})
    void invalidParentRef(String section) {
        shop.obeys(
                sameNamespace(),
                route(
                        INFRA,
                        "r",
                        "parentRefs: [{name: same-namespace, " + section + "}]\nrules: [{" + to("v1") + "}]"));

        assertThat(get("/")).isEqualTo("404");
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly("Accepted False NoMatchingParent", RESOLVED);
        assertThat(shop.listener("same-namespace", "http")
                        .path("attachedRoutes")
                        .asInt())
                .isZero();
    }

    @Test
    @DisplayName("HTTPRouteRequestHeaderModifier, HTTPRouteBackendRequestHeaderModifier")
    void requestHeaderModifier() {
        String filter = "filters: [{type: RequestHeaderModifier, requestHeaderModifier: %s}]";
        String set = filter.formatted("{set: [{name: X-Header-Set, value: set-overwrites-values}]}");
        String add = filter.formatted("{add: [{name: X-Header-Add, value: add-appends-values}]}");
        String remove = filter.formatted("{remove: [X-Header-Remove]}");
        obeys("- {matches: [{path: {value: /set}}], " + set + ", " + to("v1") + "}\n"
                + "- {matches: [{path: {value: /add}}], " + add + ", " + to("v1") + "}\n"
                + "- {matches: [{path: {value: /remove}}], " + remove + ", " + to("v1") + "}\n"
                + "- {matches: [{path: {value: /backend}}], backendRefs: [{name: infra-backend-v1, port: 8080, " + set
                + "}]}\n");

        assertThat(body("/set", "x-header-set: other"))
                .contains("set-overwrites-values")
                .doesNotContain("other");
        assertThat(body("/set")).contains("set-overwrites-values");
        assertThat(body("/add", "X-Header-Add: some-other-value")).contains("some-other-value", "add-appends-values");
        assertThat(body("/remove", "x-header-remove: gone")).doesNotContain("gone");
        assertThat(body("/backend", "x-header-set: other"))
                .contains("set-overwrites-values")
                .doesNotContain("other");
    }

    private String body(String path, String... headers) {
        return shop.ask("GET", "example.com", path, headers).body();
    }

    @Test
    @DisplayName("HTTPRouteResponseHeaderModifier")
    void responseHeaderModifier() {
        obeys("""
                - matches: [{path: {value: /multiple}}]
                  filters:
                  - type: ResponseHeaderModifier
                    responseHeaderModifier:
                      set: [{name: X-Header-Set-1, value: header-set-1}]
                      add: [{name: X-Header-Add-1, value: header-add-1}]
                      remove: [X-Header-Remove-1]
                  backendRefs: [{name: infra-backend-v1, port: 8080}]
                """);

        String head = shop.ask(
                        "GET",
                        "example.com",
                        "/multiple",
                        "X-Echo-Set-Header: x-header-set-1:one,x-header-add-1:two,x-header-remove-1:three,x-other:kept")
                .head();

        assertThat(head).contains("header-set-1", "header-add-1", "two", "x-other: kept");
        assertThat(head).doesNotContain("one\r\n", "three");
    }

    @Test
    @DisplayName(
            "HTTPRouteRedirectHostAndStatus, HTTPRouteRedirectPath, HTTPRouteRedirectPort, HTTPRouteRedirectScheme,"
                    + " HTTPRoute303Redirect, HTTPRoute307Redirect, HTTPRoute308Redirect")
    void redirects() {
        obeys(redirect("/hostname-redirect", "{hostname: example.org}")
                + redirect("/host-and-status", "{hostname: example.org, statusCode: 301}")
                + redirect(
                        "/original-prefix",
                        "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /replacement-prefix}}")
                + redirect("/full", "{path: {type: ReplaceFullPath, replaceFullPath: /full-path-replacement}}")
                + redirect(
                        "/path-and-host",
                        "{hostname: example.org, path: {type: ReplacePrefixMatch, replacePrefixMatch: /replacement-prefix}}")
                + redirect("/port", "{port: 8083}")
                + redirect("/port-and-host", "{port: 8083, hostname: example.org, statusCode: 301}")
                + redirect("/scheme", "{scheme: https}")
                + redirect("/scheme-and-port", "{scheme: https, port: 8443}")
                + redirect("/usual-port", "{port: 80}")
                + redirect("/see-other", "{statusCode: 303}")
                + redirect("/temporary", "{statusCode: 307}")
                + redirect("/permanent", "{statusCode: 308}"));

        assertThat(location("/hostname-redirect")).isEqualTo("302 http://example.org/hostname-redirect");
        assertThat(location("/host-and-status")).isEqualTo("301 http://example.org/host-and-status");
        assertThat(location("/original-prefix/lemon")).isEqualTo("302 http://example.com/replacement-prefix/lemon");
        assertThat(location("/full/path/original")).isEqualTo("302 http://example.com/full-path-replacement");
        assertThat(location("/path-and-host")).isEqualTo("302 http://example.org/replacement-prefix");
        assertThat(location("/port")).isEqualTo("302 http://example.com:8083/port");
        assertThat(location("/port-and-host")).isEqualTo("301 http://example.org:8083/port-and-host");
        assertThat(location("/scheme")).isEqualTo("302 https://example.com/scheme");
        assertThat(location("/scheme-and-port")).isEqualTo("302 https://example.com:8443/scheme-and-port");
        assertThat(location("/usual-port")).isEqualTo("302 http://example.com/usual-port");
        assertThat(location("/see-other")).isEqualTo("303 http://example.com/see-other");
        assertThat(location("/temporary")).isEqualTo("307 http://example.com/temporary");
        assertThat(location("/permanent")).isEqualTo("308 http://example.com/permanent");
    }

    private static String redirect(String path, String redirect) {
        return "- {matches: [{path: {value: " + path + "}}], filters: [{type: RequestRedirect, requestRedirect: "
                + redirect + "}]}\n";
    }

    private String location(String path) {
        Conversation.Response response = shop.ask("GET", "example.com", path);
        String line = response.head()
                .lines()
                .filter(header -> header.startsWith("Location: "))
                .findFirst()
                .orElseThrow();
        return response.status() + " " + line.substring("Location: ".length());
    }

    @Test
    @DisplayName("HTTPRouteRewriteHost, HTTPRouteRewritePath, HTTPRouteBackendURLRewrite")
    void rewrites() {
        String full = "{path: {type: ReplaceFullPath, replaceFullPath: /one}}";
        obeys(rewrite("/prefix/one", "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /one}}")
                + rewrite("/strip-prefix", "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}")
                + rewrite("/full/one", full)
                + rewrite("/host", "{hostname: one.example.org}")
                + "- {matches: [{path: {value: /backend}}], backendRefs: [{name: infra-backend-v1, port: 8080, filters: [{type: URLRewrite, urlRewrite: "
                + full + "}]}]}\n");

        assertThat(body("/prefix/one/two")).contains("GET /one/two HTTP");
        assertThat(body("/strip-prefix/three?a=b")).contains("GET /three?a=b HTTP");
        assertThat(body("/strip-prefix")).contains("GET / HTTP");
        assertThat(body("/full/one/two")).contains("GET /one HTTP");
        assertThat(body("/host")).contains("Host: one.example.org").contains("GET /host HTTP");
        assertThat(body("/backend/original")).contains("GET /one HTTP");
    }

    private static String rewrite(String path, String rewrite) {
        return "- {matches: [{path: {value: " + path + "}}], filters: [{type: URLRewrite, urlRewrite: " + rewrite
                + "}], " + to("v1") + "}\n";
    }

    @Test
    @DisplayName("HTTPRouteTimeoutRequest, HTTPRouteTimeoutBackendRequest")
    void timeouts() {
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().isClosedByPeer();
        });
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), silent);
        obeys("- {matches: [{path: {value: /request}}], timeouts: {request: 500ms}, " + to("aside") + "}\n"
                + "- {matches: [{path: {value: /backend}}], timeouts: {backendRequest: 500ms}, " + to("aside") + "}\n"
                + "- {matches: [{path: {value: /disabled}}], timeouts: {request: 0s}, " + to("v1") + "}\n");

        for (String path : List.of("/request", "/backend")) {
            try (Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: example.com\r\n\r\n");
                assertThat(silent.nextHead()).contains(path);
                shop.world.clock.advance(Duration.ofMillis(600));
                assertThat(client.readResponse().status()).isEqualTo(504);
            }
        }
        assertThat(get("/disabled")).isEqualTo(V1);
    }

    @Test
    @DisplayName("HTTPRouteRequestMirror, HTTPRouteRequestMultipleMirrors")
    void requestMirrors() {
        ScriptedUpstream copies = ScriptedUpstream.saying("copy");
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), copies);
        String mirror = "{type: RequestMirror, requestMirror: {backendRef: {name: infra-backend-aside, port: 8080}}}";
        obeys("- {filters: [" + mirror + ", " + mirror + "], " + to("v1") + "}\n");

        assertThat(get("/copied")).isEqualTo(V1);
        assertThat(copies.nextHead()).contains("GET /copied HTTP");
        assertThat(copies.nextHead()).contains("GET /copied HTTP");
    }

    @Test
    @DisplayName("HTTPRouteCORS, without wildcards in origins")
    void cors() {
        obeys("""
                - filters:
                  - type: CORS
                    cors: {allowOrigins: ["https://www.foo.com"], allowMethods: [GET, OPTIONS], allowHeaders: [x-header-1], maxAge: 3600, allowCredentials: true}
                  backendRefs: [{name: infra-backend-v1, port: 8080}]
                """);

        Conversation.Response preflight = shop.ask(
                "OPTIONS", "example.com", "/", "Origin: https://www.foo.com", "Access-Control-Request-Method: GET");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.head())
                .contains(
                        "Access-Control-Allow-Origin: https://www.foo.com",
                        "Access-Control-Allow-Methods: GET, OPTIONS",
                        "Access-Control-Max-Age: 3600",
                        "Access-Control-Allow-Credentials: true");
        assertThat(shop.ask("GET", "example.com", "/", "Origin: https://foobar.com")
                        .head())
                .doesNotContain("Access-Control-Allow-Origin");
    }

    @Test
    void doesNotServeWhatItWouldServeOnlyInPart() {
        shop.obeys(
                sameNamespace(),
                route(
                        "r",
                        "rules:\n- {filters: [{type: ExtensionRef, extensionRef: {group: a.b, kind: C, name: d}}], "
                                + to("v1") + "}\n"));

        assertThat(get("/")).isEqualTo("404");
        assertThat(shop.routeConditions(INFRA, "r")).containsExactly("Accepted False UnsupportedValue", RESOLVED);
    }
}
