package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.OK;
import static dev.linnet.gateway.Conformance.RESOLVED;
import static dev.linnet.gateway.MeshConformance.CONSUMER;
import static dev.linnet.gateway.MeshConformance.MESH;
import static dev.linnet.gateway.MeshConformance.route;
import static dev.linnet.gateway.MeshConformance.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official conformance tests of meshes, under their names (spec of Istio, §6.12.5), through a gateway inside the cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MeshConformanceTest {
    private static final String ADDS_HEADER = """
            - filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: X-Header-Set, value: it works}]}}]
              backendRefs: [{name: %s, port: 80}]
            """;

    private final MeshConformance shop = new MeshConformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    private List<String> asked(String service, int times) {
        Map<String, Integer> who = new HashMap<>();
        for (int i = 0; i < times; i++) {
            who.merge(shop.get(service, "/"), 1, Integer::sum);
        }
        return who.keySet().stream().sorted().toList();
    }

    @Test
    @DisplayName("MeshBasic")
    void basic() {
        shop.obeys();

        assertThat(asked("echo", 10)).containsExactly("echo-v1", "echo-v2");
    }

    @Test
    @DisplayName("MeshTrafficSplit")
    void trafficSplit() {
        shop.obeys(route(
                "echo",
                "- {matches: [{path: {type: Exact, value: /v1}}], " + to("echo-v1") + "}\n"
                        + "- {matches: [{path: {type: Exact, value: /v2}}], " + to("echo-v2") + "}\n"));

        assertThat(shop.get("echo", "/v1")).isEqualTo("echo-v1");
        assertThat(shop.get("echo", "/v2")).isEqualTo("echo-v2");
        assertThat(shop.get("echo", "/other")).isEqualTo("404");
    }

    @Test
    @DisplayName("MeshHTTPRouteSimpleSameNamespace")
    void simpleSameNamespace() {
        shop.obeys(route("echo", "- {" + to("echo-v1") + "}\n"));

        assertThat(asked("echo", 10)).containsExactly("echo-v1");
        assertThat(shop.conditions(MESH, "r")).containsExactly(OK, RESOLVED);
    }

    @Test
    @DisplayName("MeshHTTPRouteMatching")
    void matching() {
        shop.obeys(route(
                "echo",
                "- {matches: [{path: {value: /}}, {headers: [{name: version, value: one}]}], " + to("echo-v1") + "}\n"
                        + "- {matches: [{path: {value: /v2}}, {headers: [{name: version, value: two}]}], "
                        + to("echo-v2") + "}\n"));

        assertThat(shop.get("echo", "/")).isEqualTo("echo-v1");
        assertThat(shop.get("echo", "/", "Version: one")).isEqualTo("echo-v1");
        assertThat(shop.get("echo", "/", "Version: two")).isEqualTo("echo-v2");
        assertThat(shop.get("echo", "/v2/example")).isEqualTo("echo-v2");
        assertThat(shop.get("echo", "/v2example")).isEqualTo("echo-v1");
    }

    @Test
    @DisplayName("MeshHTTPRouteWeight")
    void weight() {
        shop.obeys(route("echo", """
                - backendRefs:
                  - {name: echo-v1, port: 8080, weight: 70}
                  - {name: echo-v2, port: 8080, weight: 30}
                """));
        int second = 0;
        for (int i = 0; i < 400; i++) {
            second += shop.get("echo", "/").equals("echo-v2") ? 1 : 0;
        }

        assertThat(second).isBetween(75, 165); // five standard deviations around 120
    }

    @Test
    @DisplayName("MeshHTTPRouteRequestHeaderModifier")
    void requestHeaderModifier() {
        shop.obeys(route("echo", """
                - filters:
                  - type: RequestHeaderModifier
                    requestHeaderModifier: {set: [{name: X-Header-Set, value: set-overwrites-values}], remove: [X-Header-Remove]}
                  backendRefs: [{name: echo-v1, port: 8080}]
                """));

        assertThat(shop.ask("echo", "/", "X-Header-Set: some-other-value", "X-Header-Remove: val")
                        .body())
                .contains("X-Header-Set: set-overwrites-values")
                .doesNotContain("some-other-value", "X-Header-Remove");
    }

    @Test
    @DisplayName("MeshHTTPRouteBackendRequestHeaderModifier")
    void backendRequestHeaderModifier() {
        shop.obeys(route("echo", """
                - backendRefs:
                  - name: echo-v1
                    port: 8080
                    filters: [{type: RequestHeaderModifier, requestHeaderModifier: {add: [{name: X-Added, value: by-backend}]}}]
                """));

        assertThat(shop.ask("echo", "/").body()).contains("X-Added: by-backend");
    }

    @Test
    @DisplayName("MeshHTTPRouteRedirectHostAndStatus")
    void redirectHostAndStatus() {
        shop.obeys(route("echo", """
                - matches: [{path: {value: /hostname-redirect}}]
                  filters: [{type: RequestRedirect, requestRedirect: {hostname: example.org}}]
                - matches: [{path: {value: /host-and-status}}]
                  filters: [{type: RequestRedirect, requestRedirect: {hostname: example.org, statusCode: 301}}]
                """));

        assertThat(shop.ask("echo", "/hostname-redirect").head())
                .contains(" 302 ", "Location: http://example.org/hostname-redirect");
        assertThat(shop.ask("echo", "/host-and-status").head())
                .contains(" 301 ", "Location: http://example.org/host-and-status");
    }

    @ParameterizedTest(name = "MeshHTTPRoute{0}Redirect")
    @ValueSource(ints = {303, 307, 308})
    void redirectsWithAnyStatus(int status) {
        shop.obeys(route(
                "echo",
                "- {filters: [{type: RequestRedirect, requestRedirect: {statusCode: " + status
                        + ", path: {type: ReplaceFullPath, replaceFullPath: /new}}}]}\n"));

        assertThat(shop.ask("echo", "/old").head()).contains(" " + status + " ", "Location: http://echo/new");
    }

    @Test
    @DisplayName("MeshHTTPRouteRedirectPath, MeshHTTPRouteRedirectPort, MeshHTTPRouteSchemeRedirect")
    void redirectsToOtherPathsPortsAndSchemes() {
        shop.obeys(route("echo", """
                - matches: [{path: {value: /original-prefix}}]
                  filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /replaced}}}]
                - matches: [{path: {value: /port}}]
                  filters: [{type: RequestRedirect, requestRedirect: {port: 8083}}]
                - matches: [{path: {value: /scheme}}]
                  filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: example.org}}]
                """));

        assertThat(shop.ask("echo", "/original-prefix/lemon").head()).contains("Location: http://echo/replaced/lemon");
        assertThat(shop.ask("echo", "/port").head()).contains("Location: http://echo:8083/port");
        assertThat(shop.ask("echo", "/scheme").head()).contains("Location: https://example.org/scheme");
    }

    @Test
    @DisplayName("MeshHTTPRouteRewritePath")
    void rewritePath() {
        shop.obeys(route("echo", """
                - matches: [{path: {value: /prefix/one}}]
                  filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /one}}}]
                  backendRefs: [{name: echo-v1, port: 8080}]
                - matches: [{path: {value: /full/one}}]
                  filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /one}}}]
                  backendRefs: [{name: echo-v1, port: 8080}]
                """));

        assertThat(shop.ask("echo", "/prefix/one/two").body()).contains("GET /one/two HTTP");
        assertThat(shop.ask("echo", "/full/one/two").body()).contains("GET /one HTTP");
    }

    @Test
    @DisplayName("MeshHTTPRouteQueryParamMatching")
    void queryParamMatching() {
        shop.obeys(route(
                "echo",
                "- {matches: [{queryParams: [{name: animal, value: whale}]}], " + to("echo-v1") + "}\n"
                        + "- {matches: [{queryParams: [{name: animal, value: dolphin}]}], " + to("echo-v2") + "}\n"));

        assertThat(shop.get("echo", "/?animal=whale")).isEqualTo("echo-v1");
        assertThat(shop.get("echo", "/?animal=dolphin")).isEqualTo("echo-v2");
        assertThat(shop.get("echo", "/?animal=shark")).isEqualTo("404");
    }

    @Test
    @DisplayName("MeshHTTPRouteNamedRule")
    void namedRule() {
        shop.obeys(route(
                "echo",
                "- {name: named-rule, matches: [{path: {value: /named}}], " + to("echo-v1") + "}\n"
                        + "- {matches: [{path: {value: /unnamed}}], " + to("echo-v2") + "}\n"));

        assertThat(shop.get("echo", "/named")).isEqualTo("echo-v1");
        assertThat(shop.get("echo", "/unnamed")).isEqualTo("echo-v2");
    }

    @Test
    @DisplayName("MeshFrontend")
    void frontend() {
        shop.obeys(route("echo-v2", ADDS_HEADER.formatted("echo-v2")));

        assertThat(shop.ask("echo-v2", "/").head()).contains("X-Header-Set: it works");
        assertThat(shop.ask("echo", "/").head()).doesNotContain("X-Header-Set");
    }

    @Test
    @DisplayName("MeshFrontendHostname")
    void frontendHostname() {
        shop.obeys(route("echo-v2", ADDS_HEADER.formatted("echo-v2")));

        Conversation.Response byAddress = shop.askAt("echo-v2", 80, "echo-v1", "/");
        assertThat(byAddress.head()).contains("X-Header-Set: it works");
        assertThat(Conformance.who(byAddress)).isEqualTo("echo-v2");
        Conversation.Response other = shop.askAt("echo-v1", 80, "echo-v2", "/");
        assertThat(other.head()).doesNotContain("X-Header-Set");
        assertThat(Conformance.who(other)).isEqualTo("echo-v1");
    }

    @Test
    @DisplayName("MeshPorts")
    void ports() {
        shop.obeys(
                route(MESH, "v1", "echo-v1", 80, ADDS_HEADER.formatted("echo-v1")),
                route(MESH, "v2", "echo-v2", 0, ADDS_HEADER.formatted("echo-v2")));

        assertThat(shop.askAt("echo-v1", 80, "echo-v1", "/").head()).contains("X-Header-Set");
        assertThat(shop.askAt("echo-v1", 8080, "echo-v1", "/").head()).doesNotContain("X-Header-Set");
        assertThat(shop.askAt("echo-v2", 80, "echo-v2", "/").head()).contains("X-Header-Set");
        assertThat(shop.askAt("echo-v2", 8080, "echo-v2", "/").head()).contains("X-Header-Set");
    }

    @Test
    void saysWhichPortsOfAServiceThereAreNot() {
        shop.obeys(route(MESH, "r", "echo", 9, "- {" + to("echo-v1") + "}\n"));

        assertThat(shop.conditions(MESH, "r")).containsExactly("Accepted False NoMatchingParent", RESOLVED);
        assertThat(asked("echo", 10)).containsExactly("echo-v1", "echo-v2");
    }

    @Test
    @DisplayName("MeshConsumerRoute")
    void consumerRoute() {
        shop.obeys(
                route("echo-v1", ADDS_HEADER.formatted("echo-v1").replace("it works", "producer")),
                route(CONSUMER, "c", "echo-v1", 0, """
                        - filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: X-Header-Set, value: consumer}]}}]
                          backendRefs: [{name: echo-v1, namespace: %s, port: 80}]
                        """.formatted(MESH)));

        assertThat(shop.conditions(CONSUMER, "c")).containsExactly(OK, RESOLVED);
        assertThat(shop.ask("echo-v1", "/").head()).contains("X-Header-Set: producer");
        shop.calls(Optional.of(new Workload(CONSUMER, "echo-v1-a", Map.of())));
        assertThat(shop.ask("echo-v1", "/").head()).contains("X-Header-Set: consumer");
        shop.calls(Optional.of(new Workload(MESH, "echo-v1-b", Map.of())));
        assertThat(shop.ask("echo-v1", "/").head()).contains("X-Header-Set: producer");
        shop.calls(Optional.empty());
    }

    @Test
    void answersTheShareOfBackendsInOtherNamespacesItselfAndSaysSo() {
        shop.obeys(route("echo", "- {backendRefs: [{name: web, namespace: " + CONSUMER + ", port: 80}]}\n"));

        assertThat(shop.get("echo", "/")).isEqualTo("500");
        assertThat(shop.conditions(MESH, "r")).containsExactly(OK, "ResolvedRefs False RefNotPermitted");
    }

    @Test
    void asksRoutesOfAServiceBeforeItsVirtualServices() {
        String virtualService = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: echo, namespace: %s}
                spec:
                  hosts: [echo]
                  http: [{route: [{destination: {host: echo-v2, port: {number: 80}}}]}]
                ---
                """.formatted(MESH);
        shop.obeys(virtualService);
        assertThat(asked("echo", 10)).containsExactly("echo-v2");

        shop.obeys(virtualService, route("echo", "- {matches: [{path: {value: /a}}], " + to("echo-v1") + "}\n"));

        assertThat(shop.get("echo", "/a")).isEqualTo("echo-v1");
        assertThat(shop.get("echo", "/b")).isEqualTo("404");
    }
}
