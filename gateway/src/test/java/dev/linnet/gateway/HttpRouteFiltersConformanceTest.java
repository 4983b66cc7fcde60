package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.INFRA;
import static dev.linnet.gateway.Conformance.RESOLVED;
import static dev.linnet.gateway.Conformance.V1;
import static dev.linnet.gateway.Conformance.gateway;
import static dev.linnet.gateway.Conformance.route;
import static dev.linnet.gateway.Conformance.sameNamespace;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.routing.ServiceRef;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official conformance tests of what HTTPRoutes do with a request, under their names (spec of Istio, §6.12.1), through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpRouteFiltersConformanceTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");

    private final Conformance shop = new Conformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    private String get(String path, String... headers) {
        return shop.get("example.com", path, headers);
    }

    @Test
    @DisplayName("HTTPRouteRequestHeaderModifier, HTTPRouteBackendRequestHeaderModifier")
    void requestHeaderModifier() {
        String filter = "filters: [{type: RequestHeaderModifier, requestHeaderModifier: %s}]";
        String set = filter.formatted("{set: [{name: X-Header-Set, value: set-overwrites-values}]}");
        String add = filter.formatted("{add: [{name: X-Header-Add, value: add-appends-values}]}");
        String remove = filter.formatted("{remove: [X-Header-Remove]}");
        shop.serves("- {matches: [{path: {value: /set}}], " + set + ", " + to("v1") + "}\n"
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

    @Test
    @DisplayName("HTTPRouteRequestHeaderModifierBackendWeights")
    void requestHeaderModifierBackendWeights() {
        String named = "{name: infra-backend-%1$s, port: 8080, weight: %2$d, filters: [{type: RequestHeaderModifier,"
                + " requestHeaderModifier: {set: [{name: backend, value: infra-backend-%1$s}]}}]}";
        shop.serves("- {backendRefs: [" + named.formatted("v1", 50) + ", " + named.formatted("v2", 50) + "]}\n");

        Set<String> met = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            Conversation.Response response = shop.ask("GET", "example.com", "/", "backend: unset");
            met.add(Conformance.who(response));
            assertThat(response.body())
                    .contains("backend: " + Conformance.who(response) + "\r\n")
                    .doesNotContain("unset");
        }
        assertThat(met).containsExactlyInAnyOrder(V1, Conformance.V2);
    }

    @Test
    void givesABackendTheLastWordOnHeadersThatItsRuleSetsToo() {
        String set =
                "filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-who, value: %s}]}}]";
        shop.serves("- {" + set.formatted("rule") + ", backendRefs: [{name: infra-backend-v1, port: 8080, weight: 0}, "
                + "{name: infra-backend-v2, port: 8080, " + set.formatted("v2")
                + "}, {name: infra-backend-v3, port: 8080}]}\n");

        for (int i = 0; i < 20; i++) {
            Conversation.Response response = shop.ask("GET", "example.com", "/");
            String who = Conformance.who(response).equals(Conformance.V2) ? "v2" : "rule";
            assertThat(response.head()).containsOnlyOnce("x-who: ").contains("x-who: " + who);
        }
    }

    @Test
    void changesHeadsOfCopiesAsTheRuleSaysWhereBackendsDiffer() {
        ScriptedUpstream copies = ScriptedUpstream.saying("copy");
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), copies);
        String set = "{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: %s, value: %s}]}}";
        shop.serves("- {filters: [" + set.formatted("x-all", "rule") + ", " + set.formatted("X-Who", "rule")
                + ", {type: RequestMirror, requestMirror: {backendRef: {name: infra-backend-aside, port: 8080}}}],"
                + " backendRefs: [{name: infra-backend-v1, port: 8080}, {name: infra-backend-v2, port: 8080, filters: ["
                + set.formatted("x-who", "v2") + "]}]}\n");

        for (int i = 0; i < 20; i++) {
            Conversation.Response response = shop.ask("GET", "example.com", "/", "x-all: client");
            String who = Conformance.who(response).equals(Conformance.V2) ? "v2" : "rule";
            assertThat(response.body().toLowerCase(Locale.ROOT))
                    .containsOnlyOnce("x-all: ")
                    .contains("x-all: rule")
                    .containsOnlyOnce("x-who: ")
                    .contains("x-who: " + who);
            assertThat(copies.nextHead()).containsOnlyOnce("x-all: ").contains("x-all: rule");
        }
    }

    @Test
    void changesHeadsOfItsOwnAnswersAsTheRuleSaysWhereBackendsDiffer() {
        shop.world.endpoints(new ServiceRef(INFRA, "infra-backend-aside", "8080"), List.of());
        String set =
                "filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: %s, value: here}]}}]";
        shop.serves("- {" + set.formatted("x-all") + ", backendRefs: [{name: infra-backend-aside, port: 8080},"
                + " {name: infra-backend-missing, port: 8080}, {name: infra-backend-v2, port: 8080, "
                + set.formatted("x-who") + "}]}\n");

        Set<Integer> statuses = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            Conversation.Response response = shop.ask("GET", "example.com", "/");
            statuses.add(response.status());
            assertThat(response.head()).containsOnlyOnce("x-all: here");
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 500, 503);
    }

    private String body(String path, String... headers) {
        return shop.ask("GET", "example.com", path, headers).body();
    }

    @Test
    @DisplayName("HTTPRouteResponseHeaderModifier")
    void responseHeaderModifier() {
        shop.serves("""
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
        shop.serves(redirect("/hostname-redirect", "{hostname: example.org}")
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

    @ParameterizedTest(name = "HTTPRouteRedirectPortAndScheme: {0}, {1}")
    @CsvSource({
        "80, '', http://example.org/r",
        "80, 'port: 80, ', http://example.org/r",
        "80, 'port: 8080, ', http://example.org:8080/r",
        "80, 'scheme: https, ', https://example.org/r",
        "80, 'scheme: https, port: 443, ', https://example.org/r",
        "80, 'scheme: https, port: 8443, ', https://example.org:8443/r",
        "8080, '', http://example.org:8080/r",
        "8080, 'port: 80, ', http://example.org/r",
        "8080, 'scheme: https, ', https://example.org/r",
        "443, '', https://example.org/r",
        "443, 'port: 443, ', https://example.org/r",
        "443, 'port: 8443, ', https://example.org:8443/r",
        "443, 'scheme: http, ', http://example.org/r",
        "443, 'scheme: http, port: 80, ', http://example.org/r",
        "443, 'scheme: http, port: 8080, ', http://example.org:8080/r"
    })
    void redirectPortAndScheme(int port, String parts, String location) {
        redirecting(parts + "hostname: example.org");

        assertThat(location(port, "example.com" + (port == 8080 ? ":8080" : ""), "/r"))
                .isEqualTo("302 " + location);
    }

    /** Where clients have come through something that has the usual port elsewhere, they find it there again. */
    @ParameterizedTest
    @CsvSource({
        "80, '', example.com:31080, http://example.com:31080/r",
        "80, 'scheme: https', example.com:31080, https://example.com/r",
        "8080, '', example.com:8080, http://example.com:8080/r",
        "8080, '', example.com, http://example.com:8080/r",
        "8080, 'scheme: https', example.com:8080, https://example.com/r"
    })
    void keepsThePortThatTheClientHasNamedAsLongAsNothingElseIsSaid(
            int port, String parts, String host, String location) {
        redirecting(parts);

        assertThat(location(port, host, "/r")).isEqualTo("302 " + location);
    }

    private void redirecting(String redirect) {
        shop.tls.shows("", AUTHORITY.issue("example.com"));
        shop.obeys(
                gateway(
                        "ports",
                        "{name: http, port: 80, protocol: HTTP}",
                        "{name: other, port: 8080, protocol: HTTP}",
                        "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}"),
                route(INFRA, "r", "parentRefs: [{name: ports}]\nrules:\n" + redirect("/r", "{" + redirect + "}")));
    }

    private String location(int port, String host, String path) {
        Conversation.Response response = switch (port) {
            case 443 -> shop.tls.get(AUTHORITY.context(), host, path);
            case 80 -> shop.ask("GET", host, path);
            default -> shop.askAt(port, host, path);
        };
        return response.status() + " " + response.head().replaceFirst("(?s).*Location: ([^\r]*).*", "$1");
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
        shop.serves(rewrite("/prefix/one", "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /one}}")
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
    @DisplayName("HTTPRouteRequestMirror, HTTPRouteRequestMultipleMirrors")
    void requestMirrors() {
        ScriptedUpstream copies = ScriptedUpstream.saying("copy");
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), copies);
        String mirror = "{type: RequestMirror, requestMirror: {backendRef: {name: infra-backend-aside, port: 8080}}}";
        shop.serves("- {filters: [" + mirror + ", " + mirror + "], " + to("v1") + "}\n");

        assertThat(get("/copied")).isEqualTo(V1);
        assertThat(copies.nextHead()).contains("GET /copied HTTP");
        assertThat(copies.nextHead()).contains("GET /copied HTTP");
    }

    @Test
    @DisplayName("HTTPRouteRequestPercentageMirror")
    void requestPercentageMirror() {
        ScriptedUpstream copies = ScriptedUpstream.saying("copy");
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), copies);
        Map<String, Double> parts = Map.of("percent: 20", 0.2, "fraction: {numerator: 25, denominator: 50}", 0.5);
        parts.forEach((said, part) -> {
            shop.serves("- {filters: [{type: RequestMirror, requestMirror: {backendRef: {name: infra-backend-aside,"
                    + " port: 8080}, " + said + "}}], " + to("v1") + "}\n");
            int before = copies.unseenHeads();
            for (int i = 0; i < 500; i++) {
                assertThat(get("/")).isEqualTo(V1);
            }

            double deviation = 5 * Math.sqrt(500 * part * (1 - part));
            await().untilAsserted(() -> assertThat((double) copies.unseenHeads() - before)
                    .as(said)
                    .isCloseTo(500 * part, within(deviation)));
        });
    }

    @Test
    @DisplayName("HTTPRouteBackendRequestRedirect")
    void backendRequestRedirect() {
        String rule = "- {matches: [{path: {value: %s}}], backendRefs: [{name: infra-backend-v1, port: 8080, filters: ["
                + "{type: RequestRedirect, requestRedirect: {path: {type: %s}}}]}]}\n";
        shop.serves(rule.formatted("/full", "ReplaceFullPath, replaceFullPath: /redirected-full")
                + rule.formatted("/prefix", "ReplacePrefixMatch, replacePrefixMatch: /redirected-prefix"));

        Conversation.Response full = shop.ask("GET", "example.com", "/full/original");
        assertThat(full.status()).isEqualTo(302);
        assertThat(full.head()).contains("Location: http://example.com/redirected-full\r\n");
        Conversation.Response prefix = shop.ask("GET", "example.com", "/prefix/original");
        assertThat(prefix.status()).isEqualTo(302);
        assertThat(prefix.head()).contains("Location: http://example.com/redirected-prefix/original\r\n");
    }

    /** The official suite's rules: what is asked, and how it is to be answered. */
    @Test
    void tellsEachBackendTheHostThatItsFiltersSay() {
        shop.serves("""
                - filters: [{type: URLRewrite, urlRewrite: {hostname: rule.example.com}}]
                  backendRefs:
                  - {name: infra-backend-v1, port: 8080}
                  - {name: infra-backend-v2, port: 8080, filters: [{type: URLRewrite, urlRewrite: {hostname: v2.example.com}}]}
                  - {name: infra-backend-v3, port: 8080, filters: [{type: RequestHeaderModifier,
                      requestHeaderModifier: {set: [{name: host, value: v3.example.com}]}}]}
                """);

        Map<String, String> hosts =
                Map.of(V1, "rule.example.com", Conformance.V2, "v2.example.com", Conformance.V3, "v3.example.com");
        for (int i = 0; i < 30; i++) {
            Conversation.Response response = shop.ask("GET", "example.com", "/");
            assertThat(response.body()).contains("\nHost: " + hosts.get(Conformance.who(response)) + "\r\n");
        }
    }

    @Test
    void doesNotServeBackendsThatRewriteDifferently() {
        shop.obeys(
                sameNamespace(),
                route(
                        "r",
                        "rules:\n- {backendRefs: [{name: infra-backend-v1, port: 8080}, {name: infra-backend-v2,"
                                + " port: 8080, filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /other}}}]}]}\n"));

        assertThat(shop.routeConditions(INFRA, "r")).containsExactly("Accepted False UnsupportedValue", RESOLVED);
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
