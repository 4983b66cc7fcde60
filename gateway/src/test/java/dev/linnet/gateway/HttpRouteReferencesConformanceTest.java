package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.APP;
import static dev.linnet.gateway.Conformance.INFRA;
import static dev.linnet.gateway.Conformance.OK;
import static dev.linnet.gateway.Conformance.RESOLVED;
import static dev.linnet.gateway.Conformance.WEB;
import static dev.linnet.gateway.Conformance.gateway;
import static dev.linnet.gateway.Conformance.route;
import static dev.linnet.gateway.Conformance.sameNamespace;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official conformance tests of what HTTPRoutes refer to and are attached to, under their names (spec of Istio, §6.12.1), through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpRouteReferencesConformanceTest {
    private final Conformance shop = new Conformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    private String get(String path, String... headers) {
        return shop.get("example.com", path, headers);
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
    @DisplayName("HTTPRouteServiceTypes")
    void serviceTypes() {
        try (ScriptedUpstream pods = Conformance.echo("infra-backend-v1")) {
            shop.offers(
                    service("manual-endpointslices", ""),
                    service("headless", "clusterIP: None, selector: {app: infra-backend-v1}, "),
                    service("headless-manual-endpointslices", "clusterIP: None, "),
                    slice("manual-endpointslices", pods),
                    slice("headless", pods),
                    slice("headless-manual-endpointslices", pods));
            String rule = "- {matches: [{path: {value: /%1$s}}], backendRefs: [{name: %1$s, port: 8080}]}\n";
            shop.serves(rule.formatted("manual-endpointslices")
                    + rule.formatted("headless")
                    + rule.formatted("headless-manual-endpointslices"));

            assertThat(get("/manual-endpointslices")).isEqualTo("infra-backend-v1");
            assertThat(get("/headless")).isEqualTo("infra-backend-v1");
            assertThat(get("/headless-manual-endpointslices")).isEqualTo("infra-backend-v1");
            assertThat(shop.routeConditions(INFRA, "r")).containsExactly(OK, RESOLVED);
        }
    }

    private static String service(String name, String spec) {
        return service(name, spec, "");
    }

    private static String service(String name, String spec, String ofPort) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec: {%sports: [{name: first-port, port: 8080, targetPort: 3000%s}]}
                """.formatted(name, INFRA, spec, ofPort);
    }

    private static String slice(String service, ScriptedUpstream pods) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s-ipv4, namespace: %2$s, labels: {kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{name: first-port, port: %3$d}]
                endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
                """.formatted(service, INFRA, pods.endpoint().port());
    }

    @Test
    @DisplayName("HTTPRouteBackendProtocolH2C")
    void backendProtocolH2c() throws Exception {
        GrpcEndpoints heard = new GrpcEndpoints();
        try (ScriptedUpstream pods = heard.serving(
                (with, stream, _, _) -> with.fields(stream, false, ":status", "200", "content-length", "16")
                        .data(stream, "infra-backend-v1", true))) {
            shop.offers(service("h2c", "clusterIP: None, ", ", appProtocol: kubernetes.io/h2c"), slice("h2c", pods));
            shop.serves("- {backendRefs: [{name: h2c, port: 8080}]}\n");

            Frames.Answer answer;
            try (Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
                answer = Frames.over(client).request(1, "GET", "/", true).answer(1);
            }
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body).hasToString("infra-backend-v1");
            assertThat(heard.nextCall()).containsEntry(":path", List.of("/"));
            assertThat(get("/from-http1")).isEqualTo("infra-backend-v1");
            assertThat(heard.nextCall()).containsEntry(":path", List.of("/from-http1"));
        }
    }

    @Test
    @DisplayName("HTTPRouteBackendProtocolWebSocket")
    void backendProtocolWebSocket() {
        String switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        try (ScriptedUpstream pods = ScriptedUpstream.playing((turn, _) -> {
                    turn.hear();
                    turn.say(switching).say("echo of " + turn.with().read(4));
                });
                Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
            shop.offers(service("ws", "clusterIP: None, ", ", appProtocol: kubernetes.io/ws"), slice("ws", pods));
            shop.serves("- {backendRefs: [{name: ws, port: 8080}]}\n");

            client.send("GET /ws HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.send("text").read(12)).isEqualTo("echo of text");
        }
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
        shop.serves("- {backendRefs: [" + parts[1] + "]}\n");

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
}
