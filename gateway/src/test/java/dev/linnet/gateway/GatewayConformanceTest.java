package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.INFRA;
import static dev.linnet.gateway.Conformance.WEB;
import static dev.linnet.gateway.Conformance.conditions;
import static dev.linnet.gateway.Conformance.gateway;
import static dev.linnet.gateway.Conformance.route;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.ObjectRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official conformance tests of Gateways, under their names (spec of Istio, §6.12.2). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayConformanceTest {
    private static final String HTTPS = "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [%s]}}";

    private final Conformance shop = new Conformance()
            .badSecret(INFRA, "nonexistent-certificate", "does not exist")
            .badSecret(INFRA, "malformed-certificate", "is of no use: tls.crt is missing");

    @AfterAll
    void closes() {
        shop.close();
    }

    @Test
    @DisplayName("GatewayClassObservedGenerationBump, GatewayObservedGenerationBump, HTTPRouteObservedGenerationBump")
    void observedGenerationBump() {
        shop.obeys(
                gateway("g", "{name: http, port: 80, protocol: HTTP}").replace("generation: 1", "generation: 7"),
                route(INFRA, "r", "parentRefs: [{name: g}]\nrules: [{" + to("v1") + "}]")
                        .replace("generation: 1", "generation: 8"));

        assertThat(shop.gatewayStatus("g").findValues("observedGeneration"))
                .isNotEmpty()
                .allMatch(generation -> generation.asInt() == 7);
        assertThat(shop.routeStatus(INFRA, "r").findValues("observedGeneration"))
                .hasSize(2)
                .allMatch(generation -> generation.asInt() == 8);
        var gatewayClass = shop.status(new ObjectRef("GatewayClass", "", "linnet"));
        assertThat(conditions(gatewayClass)).containsExactly("Accepted True Accepted");
        assertThat(gatewayClass.path("supportedFeatures").findValuesAsText("name"))
                .contains("Gateway", "HTTPRoute")
                .isSorted();
    }

    @Test
    @DisplayName("GatewayNameMaximumLength")
    void nameMaximumLength() {
        String name = "g".repeat(253);
        shop.obeys(
                gateway(name, "{name: http, port: 80, protocol: HTTP}").replace("generation: 1", "generation: 3"),
                route(INFRA, "r", "parentRefs: [{name: " + name + "}]\nrules: [{" + to("v1") + "}]"));

        assertThat(conditions(shop.gatewayStatus(name)))
                .containsExactly("Accepted True Accepted", "Programmed True Programmed");
        assertThat(shop.gatewayStatus(name).findValues("observedGeneration"))
                .isNotEmpty()
                .allMatch(generation -> generation.asInt() == 3);
        assertThat(shop.get("example.com", "/")).isEqualTo("infra-backend-v1");
    }

    @Test
    void servesAnotherPortForItselfAndRoutesByIt() throws Exception {
        shop.obeys(
                gateway(
                        "g",
                        "{name: http, port: 80, protocol: HTTP}",
                        "{name: other, port: 8090, protocol: HTTP}",
                        "{name: named, port: 8091, protocol: HTTP, hostname: \"*.example.com\"}"),
                route(INFRA, "r1", "parentRefs: [{name: g, port: 80}]\nrules: [{" + to("v1") + "}]"),
                route(INFRA, "r2", "parentRefs: [{name: g, port: 8090}]\nrules: [{" + to("v2") + "}]"),
                route(INFRA, "r3", "parentRefs: [{name: g, sectionName: named}]\nrules: [{" + to("v3") + "}]"));

        assertThat(shop.get("www.example.com", "/")).isEqualTo("infra-backend-v1");
        assertThat(shop.getAt(8090, "www.example.com:8090")).isEqualTo("infra-backend-v2");
        assertThat(shop.getAt(8091, "www.example.com:8091")).isEqualTo("infra-backend-v3");
        assertThat(shop.getAt(8091, "www.example.org:8091")).isEqualTo("404");
        assertThat(conditions(shop.listener("g", "other"))).contains("Accepted True Accepted");
    }

    @Test
    void acceptsNoListenerAtAPortThatTheGatewayItselfNeeds() {
        shop.obeys(gateway("g", "{name: http, port: 18080, protocol: HTTP}", "{name: odd, port: 443, protocol: HTTP}"));

        assertThat(conditions(shop.listener("g", "http"))).contains("Accepted False PortUnavailable");
        assertThat(conditions(shop.listener("g", "odd"))).contains("Accepted False PortUnavailable");
    }

    @Test
    @DisplayName("GatewayWithAttachedRoutesWithPort8080")
    void attachedRoutesWithPort8080() {
        shop.obeys(
                gateway(
                        "unattached",
                        "{name: http, port: 8080, protocol: HTTP}",
                        "{name: http-unattached, port: 80, protocol: HTTP}"),
                route(INFRA, "r", "parentRefs: [{name: unattached, sectionName: http}]\nrules: [{" + to("v1") + "}]"));

        assertThat(shop.listener("unattached", "http").path("attachedRoutes").asInt())
                .isOne();
        assertThat(shop.listener("unattached", "http-unattached")
                        .path("attachedRoutes")
                        .asInt())
                .isZero();
        assertThat(conditions(shop.listener("unattached", "http"))).contains("Programmed True Programmed");
    }

    @Test
    @DisplayName("GatewayModifyListeners")
    void modifyListeners() {
        String https = HTTPS.formatted("{name: tls-validity-checks-certificate}");
        String http = "{name: http, port: 80, protocol: HTTP, hostname: data.test.com}";
        String route = route(INFRA, "r", "parentRefs: [{name: g}]\nrules: [{" + to("v1") + "}]");
        shop.obeys(gateway("g", https, http), route);
        assertThat(shop.gatewayStatus("g").path("listeners").findValuesAsText("name"))
                .contains("https", "http");
        assertThat(shop.listener("g", "http").path("attachedRoutes").asInt()).isEqualTo(1);

        shop.obeys(gateway("g", http), route);
        assertThat(shop.gatewayStatus("g").path("listeners")).hasSize(1);
        assertThat(shop.get("data.test.com", "/")).isEqualTo("infra-backend-v1");
    }

    @Test
    @DisplayName("GatewayListenerUnsupportedProtocol")
    void listenerUnsupportedProtocol() {
        String invalid = "{name: invalid, port: 1111, protocol: INVALID}";
        shop.obeys(gateway("g", invalid));
        assertThat(conditions(shop.gatewayStatus("g"))).contains("Accepted False ListenersNotValid");
        assertThat(conditions(shop.listener("g", "invalid"))).contains("Accepted False UnsupportedProtocol");
        assertThat(shop.listener("g", "invalid").path("supportedKinds")).isEmpty();

        shop.obeys(gateway("g", "{name: http, port: 80, protocol: HTTP}", invalid));
        assertThat(conditions(shop.gatewayStatus("g"))).contains("Accepted True ListenersNotValid");
        assertThat(conditions(shop.listener("g", "http"))).contains("Accepted True Accepted");
    }

    @Test
    @DisplayName("GatewayInvalidParametersRef")
    void invalidParametersRef() {
        shop.obeys(gateway("g", "{name: http, port: 80, protocol: HTTP}")
                .replace("spec:\n", "spec:\n  infrastructure: {parametersRef: {group: a.b, kind: C, name: d}}\n"));

        assertThat(conditions(shop.gatewayStatus("g"))).contains("Accepted False InvalidParameters");
    }

    @Test
    @DisplayName("GatewayInvalidRouteKind")
    void invalidRouteKind() {
        shop.obeys(
                gateway(
                        "g",
                        "{name: one, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: InvalidRoute}]}}",
                        "{name: two, port: 80, hostname: a.b, protocol: HTTP, allowedRoutes: {kinds: [{kind: InvalidRoute}, {kind: HTTPRoute}]}}"));

        assertThat(conditions(shop.listener("g", "one"))).contains("ResolvedRefs False InvalidRouteKinds");
        assertThat(shop.listener("g", "one").path("supportedKinds")).isEmpty();
        assertThat(conditions(shop.listener("g", "two"))).contains("ResolvedRefs False InvalidRouteKinds");
        assertThat(shop.listener("g", "two").path("supportedKinds").findValuesAsText("kind"))
                .containsExactly("HTTPRoute");
    }

    @ParameterizedTest
    @DisplayName("GatewayInvalidTLSConfiguration, GatewaySecretMissingReferenceGrant")
    @ValueSource(
            strings = {
                "InvalidCertificateRef {name: nonexistent-certificate}",
                "InvalidCertificateRef {group: wrong.group.company.io, kind: Secret, name: a}",
                "InvalidCertificateRef {kind: WrongKind, name: a}",
                "InvalidCertificateRef {name: malformed-certificate}",
                "RefNotPermitted {name: certificate, namespace: gateway-conformance-web-backend}"
            })
    void invalidTlsConfiguration(String reasonAndRef) {
        String[] parts = reasonAndRef.split(" ", 2);
        shop.obeys(gateway("g", HTTPS.formatted(parts[1])));

        assertThat(conditions(shop.listener("g", "https")))
                .contains("ResolvedRefs False " + parts[0], "Programmed False Invalid");
        assertThat(shop.listener("g", "https").path("supportedKinds").findValuesAsText("kind"))
                .containsExactly("HTTPRoute");
    }

    @ParameterizedTest
    @DisplayName(
            "GatewaySecretReferenceGrantAllInNamespace, GatewaySecretReferenceGrantSpecific, GatewaySecretInvalidReferenceGrant")
    @ValueSource(
            strings = {
                "True ResolvedRefs|from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: gateway-conformance-infra}]|to: [{group: '', kind: Secret}]",
                "True ResolvedRefs|from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: gateway-conformance-infra}]|to: [{group: '', kind: Secret, name: certificate}]",
                "False RefNotPermitted|from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: other}]|to: [{group: '', kind: Secret}]",
                "False RefNotPermitted|from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: gateway-conformance-infra}]|to: [{group: '', kind: Secret}]",
                "False RefNotPermitted|from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: gateway-conformance-infra}]|to: [{group: '', kind: Secret, name: other}]",
                "False RefNotPermitted|from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: gateway-conformance-infra}]|to: [{group: '', kind: Service}]"
            })
    void secretReferenceGrant(String grant) {
        String[] parts = grant.split("\\|", -1);
        shop.obeys(gateway("g", HTTPS.formatted("{name: certificate, namespace: " + WEB + "}")), """
                apiVersion: gateway.networking.k8s.io/v1beta1
                kind: ReferenceGrant
                metadata: {name: grant, namespace: %s}
                spec:
                  %s
                  %s
                """.formatted(
                        WEB, parts[1], parts[2]));

        assertThat(conditions(shop.listener("g", "https"))).contains("ResolvedRefs " + parts[0]);
    }

    @Test
    @DisplayName("GatewayWithAttachedRoutes")
    void withAttachedRoutes() {
        String selector =
                "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: gateway-conformance-infra}}}}";
        shop.obeys(
                gateway("two", "{name: http, port: 80, protocol: HTTP, hostname: foo.example.com, " + selector + "}"),
                gateway(
                        "unresolved",
                        "{name: tls, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: nonexistent-certificate}]}, "
                                + selector + "}"),
                route(
                        INFRA,
                        "a",
                        "parentRefs: [{name: two}]\nhostnames: [foo.example.com]\nrules: [{" + to("v1") + "}]"),
                route(INFRA, "b", "parentRefs: [{name: two}]\nrules: [{" + to("v1") + "}]"),
                route(
                        INFRA,
                        "c",
                        "parentRefs: [{name: two}]\nhostnames: [not-accepted.test.com]\nrules: [{" + to("v1") + "}]"),
                route(
                        INFRA,
                        "d",
                        "parentRefs: [{name: unresolved}]\nrules: [{backendRefs: [{name: nope, port: 8080}]}]"));

        assertThat(shop.listener("two", "http").path("attachedRoutes").asInt()).isEqualTo(2);
        assertThat(shop.routeConditions(INFRA, "c")).contains("Accepted False NoMatchingListenerHostname");
        assertThat(shop.listener("unresolved", "tls").path("attachedRoutes").asInt())
                .isEqualTo(1);
        assertThat(conditions(shop.listener("unresolved", "tls")))
                .contains("Programmed False Invalid", "ResolvedRefs False InvalidCertificateRef");
        assertThat(shop.routeConditions(INFRA, "d")).contains("ResolvedRefs False BackendNotFound");
    }

    @Test
    @DisplayName("GatewayHTTPListenerIsolation")
    void httpListenerIsolation() {
        shop.obeys(
                gateway(
                        "isolated",
                        "{name: empty-hostname, port: 80, protocol: HTTP}",
                        "{name: wildcard-example-com, port: 80, protocol: HTTP, hostname: '*.example.com'}",
                        "{name: wildcard-foo-example-com, port: 80, protocol: HTTP, hostname: '*.foo.example.com'}",
                        "{name: abc-foo-example-com, port: 80, protocol: HTTP, hostname: abc.foo.example.com}"),
                isolated("empty-hostname"),
                isolated("wildcard-example-com"),
                isolated("wildcard-foo-example-com"),
                isolated("abc-foo-example-com"));

        assertOnly("bar.com", "empty-hostname");
        assertOnly("bar.example.com", "wildcard-example-com");
        assertOnly("bar.foo.example.com", "wildcard-foo-example-com");
        assertOnly("abc.foo.example.com", "abc-foo-example-com");
    }

    private static String isolated(String section) {
        return route(
                INFRA,
                section,
                "parentRefs: [{name: isolated, sectionName: " + section + "}]\nrules: [{matches: [{path: {value: /"
                        + section + "}}], " + to("v1") + "}]");
    }

    private void assertOnly(String host, String section) {
        for (String path : new String[] {
            "empty-hostname", "wildcard-example-com", "wildcard-foo-example-com", "abc-foo-example-com"
        }) {
            assertThat(shop.get(host, "/" + path))
                    .as(host + "/" + path)
                    .isEqualTo(path.equals(section) ? "infra-backend-v1" : "404");
        }
    }

    @Test
    void keepsAListenerWithoutRoutesFromThoseOfWiderOnes() {
        shop.obeys(
                gateway(
                        "g",
                        "{name: any, port: 80, protocol: HTTP}",
                        "{name: own, port: 80, protocol: HTTP, hostname: own.example.com}"),
                route(INFRA, "r", "parentRefs: [{name: g, sectionName: any}]\nrules: [{" + to("v1") + "}]"));

        assertThat(shop.get("other.example.com", "/")).isEqualTo("infra-backend-v1");
        assertThat(shop.get("own.example.com", "/")).isEqualTo("404");
    }

    @Test
    @DisplayName("GatewayStaticAddresses")
    void staticAddresses() {
        String fake = "{type: test/fake, value: x}";
        String unusable = "{type: IPAddress, value: 192.0.2.9}";
        String usable = "{type: IPAddress, value: 192.0.2.1}";

        shop.obeys(at(fake, unusable, usable));
        assertThat(conditions(shop.gatewayStatus("g"))).contains("Accepted False UnsupportedAddress");

        shop.obeys(at(unusable, usable));
        assertThat(conditions(shop.gatewayStatus("g")))
                .contains("Accepted True Accepted", "Programmed False AddressNotUsable");

        shop.obeys(at(usable));
        assertThat(conditions(shop.gatewayStatus("g"))).contains("Programmed True Programmed");
        assertAddress();
    }

    @Test
    void takesNoNameForAnAddress() {
        shop.obeys(at("{type: Hostname, value: 192.0.2.1}"));

        assertThat(conditions(shop.gatewayStatus("g"))).contains("Programmed False AddressNotUsable");
    }

    @Test
    @DisplayName("GatewayOptionalAddressValue")
    void optionalAddressValue() {
        shop.obeys(at("{type: IPAddress}"));

        assertThat(conditions(shop.gatewayStatus("g"))).contains("Programmed True Programmed");
        assertAddress();
    }

    private static String at(String... addresses) {
        return gateway("g", "{name: http, port: 80, protocol: HTTP}")
                .replace("spec:\n", "spec:\n  addresses: [" + String.join(", ", addresses) + "]\n");
    }

    private void assertAddress() {
        assertThat(shop.gatewayStatus("g").path("addresses"))
                .singleElement()
                .hasToString("{\"type\":\"IPAddress\",\"value\":\"192.0.2.1\"}");
    }

    @Test
    void leavesGatewaysOfOtherClassesAlone() {
        shop.obeys(
                gateway("foreign", "{name: http, port: 80, protocol: HTTP}")
                        .replace("gatewayClassName: linnet", "gatewayClassName: other"),
                route(INFRA, "r", "parentRefs: [{name: foreign}]\nrules: [{" + to("v1") + "}]"));

        assertThat(shop.get("example.com", "/")).isEqualTo("404");
        assertThat(shop.gatewayStatus("foreign")).isEmpty();
        assertThat(shop.routeStatus(INFRA, "r")).isEmpty();
    }
}
