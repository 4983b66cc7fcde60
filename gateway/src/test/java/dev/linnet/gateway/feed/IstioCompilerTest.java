package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Istio's objects say beside rules, from changes of objects to changes of what is in force. */
final class IstioCompilerTest {
    private static final ServiceRef WEB = new ServiceRef("shop", "web", ServiceRef.FIRST_PORT);
    private static final ObjectRef RULE = new ObjectRef("DestinationRule", "shop", "web");
    private static final String GATEWAY = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
              - {port: {number: 8090, name: other, protocol: HTTP}, hosts: ["*"]}
            ---
            """;

    private final Compiler compiler = new Compiler(
            FeedSettings.of(ClassSettings.DEFAULT),
            name -> name.equals("api.example.com") ? List.of("192.0.2.1") : List.of());

    private static String virtualService(String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: shop}
                spec:
                  hosts: [web.example.com]
                  gateways: [edge]
                  http: [{route: [{destination: {host: %s}}]}]
                ---
                """.formatted(host);
    }

    private static String rule(String policy) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: web, namespace: shop}
                spec:
                  host: web
                  trafficPolicy: {%s}
                ---
                """.formatted(policy);
    }

    private void take(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        assertThat(manifests.mistakes()).isEmpty();
        manifests.istio().forEach(object -> compiler.take(new Change.OfIstio(key(object), Optional.of(object))));
    }

    private static Change.Key key(GenericKubernetesResource object) {
        return new Change.Key(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
    }

    private void takeService() {
        takeService(Shop.service("web"));
    }

    private void takeService(Service web) {
        compiler.take(new Change.OfService(new Change.Key("Service", "shop", "web"), Optional.of(web)));
    }

    private int connections() {
        return Objects.requireNonNull(compiler.compile().policies().get(WEB))
                .pool()
                .connections();
    }

    @Test
    void tellsWhatHoldsForServicePortsThatRulesLeadTo() {
        takeService();
        take(GATEWAY + virtualService("web") + rule("connectionPool: {tcp: {maxConnections: 7}}"));

        assertThat(connections()).isEqualTo(7);
        assertThat(compiler.compile().policies()).isEmpty();

        take(rule("portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 8}}}]"));
        assertThat(connections()).isEqualTo(8);

        compiler.take(new Change.OfIstio(new Change.Key("DestinationRule", "shop", "web"), Optional.empty()));
        assertThat(compiler.compile().policies()).isEqualTo(Map.of(WEB, TrafficPolicy.NONE));
    }

    @ParameterizedTest
    @CsvSource({
        "grpc, , true", "http2-web, , true", "web, kubernetes.io/h2c, true", "web, , false",
        "grpc-web, , false", "grpc, http, false", "web, kubernetes.io/ws, false", "tcp, , false"
    })
    void tellsThatHttp2IsSpokenWhereThePortSaysSo(String name, @Nullable String protocol, boolean http2) {
        Service web = Shop.service("web");
        web.getSpec().getPorts().getFirst().setName(name);
        web.getSpec().getPorts().getFirst().setAppProtocol(protocol);
        takeService(web);
        take(GATEWAY + virtualService("web"));

        assertThat(compiler.compile().policies())
                .isEqualTo(http2 ? Map.of(WEB, TrafficPolicy.NONE.overHttp2()) : Map.of());
        takeService();
        assertThat(compiler.compile().policies()).isEqualTo(http2 ? Map.of(WEB, TrafficPolicy.NONE) : Map.of());
    }

    @Test
    void tellsThatHttp2IsSpokenWhereAServiceEntrySaysSoBesideWhatARuleSays() {
        String entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api.example.com]
                  resolution: DNS
                  ports: [{number: 443, name: grpc, protocol: GRPC}]
                ---
                """;
        take(GATEWAY
                + entry
                + virtualService("api.example.com")
                + rule("connectionPool: {tcp: {maxConnections: 7}}").replace("host: web", "host: api.example.com"));

        assertThat(compiler.compile().policies().values()).singleElement().satisfies(policy -> {
            assertThat(policy.version()).isEqualTo(TrafficPolicy.Version.HTTP_2_BY_PORT);
            assertThat(policy.pool().connections()).isEqualTo(7);
        });
    }

    @Test
    void readsTheSecretThatADestinationRuleNamesAndSaysIfItIsMissing() {
        SecretRef secret = new SecretRef("shop", "client");
        takeService();
        take(GATEWAY + virtualService("web") + rule("tls: {mode: MUTUAL, credentialName: client}"));
        compiler.compile();
        assertThat(compiler.takeSecretsToRead()).containsExactly(secret);
        assertThat(compiler.uses(secret)).isTrue();

        compiler.take(
                new Change.OfSecret(new Change.Key("Secret", "shop", "client"), secret, new SecretReading.Missing()));
        Update update = compiler.compile();

        assertThat(update.touched()).contains(RULE);
        assertThat(compiler.followed(RULE).orElseThrow().problems())
                .extracting(problem -> problem.path() + " " + problem.message())
                .contains(
                        "spec.trafficPolicy.tls.credentialName names Secret shop/client, which does not exist: requests are answered 503");

        take(rule("tls: {mode: DISABLE}"));
        compiler.compile();
        assertThat(compiler.uses(secret)).isFalse();
    }

    @Test
    void obeysGatewaysThatSelectItsOwnPodByAnyLabel() {
        Compiler labelled =
                new Compiler(FeedSettings.of(ClassSettings.DEFAULT).runningIn("linnet-system/linnet-gateway-7"));
        Manifests manifests = ManifestFiles.parse(
                "test.yaml", GATEWAY.replace("{istio: ingressgateway}", "{team: shop}") + virtualService("web"));
        manifests.istio().forEach(object -> labelled.take(new Change.OfIstio(key(object), Optional.of(object))));
        assertThat(labelled.compile().hosts()).isEmpty();

        labelled.take(pod("linnet-gateway-8", Map.of("team", "other")));
        assertThat(labelled.compile().hosts()).isEmpty();

        labelled.take(pod("linnet-gateway-7", Map.of("team", "shop", "app", "edge")));
        assertThat(labelled.compile().hosts()).containsKey("web.example.com");
    }

    private static Change pod(String name, Map<String, String> labels) {
        return new Change.OfPod(
                new Change.Key("Pod", "linnet-system", name),
                Optional.of(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("linnet-system")
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build()));
    }

    @Test
    void readsTheSecretsByWhichAGatewayKnowsItsClients() {
        String strict = """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: strict, namespace: shop}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 443, name: https, protocol: HTTPS}
                    hosts: [strict.example.com]
                    tls: {mode: MUTUAL, credentialName: cert, caCertCredentialName: authorities}
                """;
        take(strict);
        compiler.compile();

        assertThat(compiler.takeSecretsToRead())
                .containsExactlyInAnyOrder(new SecretRef("shop", "cert"), new SecretRef("shop", "authorities"));

        take(strict.replace(", caCertCredentialName: authorities", ""));
        compiler.compile();
        assertThat(compiler.takeSecretsToRead()).containsExactly(new SecretRef("shop", "cert-cacert"));
    }

    @Test
    void makesNothingAnewOfTrustThatAChangeDoesNotConcern() {
        takeService();
        take(GATEWAY + virtualService("web") + rule("tls: {mode: SIMPLE, sni: web.internal}"));
        assertThat(compiler.compile().tls()).isPresent();

        compiler.take(
                new Change.OfService(new Change.Key("Service", "shop", "other"), Optional.of(Shop.service("other"))));
        Update update = compiler.compile();

        assertThat(update.tls()).isEmpty();
        assertThat(update.touched()).doesNotContain(RULE);
    }

    @Test
    void looksHostsOfServiceEntriesUp() {
        take(GATEWAY + virtualService("api.example.com") + """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api.example.com]
                  resolution: DNS
                  ports: [{number: 8443, name: http, protocol: HTTP}]
                """);
        ServiceRef api = new ServiceRef("shop", "api.example.com", ServiceRef.FIRST_PORT);

        Update update = compiler.compile();

        assertThat(compiler.names()).containsExactly("api.example.com");
        assertThat(update.endpoints()).containsEntry(api, List.of(new Endpoint("192.0.2.1", 8443, "")));
        assertThat(compiler.followed(new ObjectRef("VirtualService", "shop", "web"))
                        .orElseThrow()
                        .problems())
                .isEmpty();

        compiler.take(new Change.OfIstio(new Change.Key("ServiceEntry", "shop", "api"), Optional.empty()));
        assertThat(compiler.compile().hosts()).containsKey("web.example.com");
        assertThat(compiler.names()).isEmpty();
    }

    @Test
    void listensAtPortsOfGatewaysBesideTheUsualOnes() {
        take(GATEWAY + virtualService("web"));

        Update update = compiler.compile();

        assertThat(compiler.listens()).containsExactly(new Listen(8090, ":8090", false));
        assertThat(update.hosts()).containsOnlyKeys("web.example.com", "web.example.com:8090");
        take(GATEWAY.replace("- {port: {number: 8090", "- {port: {number: 8080"));
        compiler.compile();
        assertThat(compiler.listens()).isEmpty();
        take(GATEWAY.replace("- {port: {number: 8090", "- {port: {number: 9113"));
        compiler.compile();
        assertThat(compiler.listens()).containsExactly(new Listen(19113, ":9113", false));
    }
}
