package dev.linnet.manifests.flagger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Match.Text;
import dev.linnet.rollout.plan.Match.Text.Kind;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.step.Traffic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The VirtualService that provider {@code istio} writes, as Flagger's users know it (spec of Flagger, D.4). */
class CanaryVirtualServiceTest {
    private static final CanaryVirtualService WANTED =
            new CanaryVirtualService(new Names("podinfo", "test", "podinfo", "podinfo"), yaml("""
                    port: 80
                    gateways: [istio-system/public]
                    hosts: [app.example.com]
                    match: [{uri: {prefix: /}}]
                    timeout: 5s
                    """));

    @Test
    void givesEachVersionItsShare() {
        JsonNode spec = WANTED.spec(new Traffic.Split(20), List.of());

        assertThat(spec).isEqualTo(yaml("""
                gateways: [istio-system/public]
                hosts: [app.example.com, podinfo]
                http:
                - match: [{uri: {prefix: /}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 80}
                  - {destination: {host: podinfo-canary}, weight: 20}
                  timeout: 5s
                """));
        assertThat(WANTED.share(spec)).contains(20);
    }

    @Test
    void sendsAnAudienceToTheCanaryAndAllOthersToThePrimary() {
        List<Match> audience = List.of(
                new Match(Map.of("x-canary", new Text(Kind.EXACT, "insider")), Map.of(), Map.of("app", "front")));

        assertThat(WANTED.spec(new Traffic.Audience(), audience).path("http")).isEqualTo(yaml("""
                - match: [{uri: {prefix: /}, headers: {x-canary: {exact: insider}}, sourceLabels: {app: front}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 0}
                  - {destination: {host: podinfo-canary}, weight: 100}
                  timeout: 5s
                - match: [{uri: {prefix: /}}]
                  route: [{destination: {host: podinfo-primary}, weight: 100}]
                  timeout: 5s
                """));
    }

    @Test
    void isForCallersInsideWhereNoGatewayIsNamed() {
        CanaryVirtualService plain =
                new CanaryVirtualService(new Names("podinfo", "test", "podinfo", "podinfo"), yaml("port: 80"));

        assertThat(plain.spec(Traffic.ALL_PRIMARY, List.of())).isEqualTo(yaml("""
                gateways: [mesh]
                hosts: [podinfo]
                http:
                - route:
                  - {destination: {host: podinfo-primary}, weight: 100}
                  - {destination: {host: podinfo-canary}, weight: 0}
                """));
    }

    @Test
    void hasADestinationRuleForEachVersion() {
        CanaryVirtualService wanted = new CanaryVirtualService(
                new Names("podinfo", "test", "podinfo", "podinfo"),
                yaml("{port: 80, trafficPolicy: {tls: {mode: DISABLE}}}"));

        assertThat(wanted.beside())
                .extracting(beside -> beside.kind().plural(), WeightedRoute.Beside::name, WeightedRoute.Beside::spec)
                .containsExactly(
                        tuple(
                                "destinationrules",
                                "podinfo-canary",
                                yaml("{host: podinfo-canary, trafficPolicy: {tls: {mode: DISABLE}}}")),
                        tuple(
                                "destinationrules",
                                "podinfo-primary",
                                yaml("{host: podinfo-primary, trafficPolicy: {tls: {mode: DISABLE}}}")));
    }

    @Test
    void tellsCopiesToTheCanaryFromThoseToSomebodyElse() {
        assertThat(WANTED.mirrored(WANTED.spec(new Traffic.Mirrored(30), List.of())))
                .contains(30);
        assertThat(WANTED.mirrored(yaml("http: [{mirror: {host: audit}, route: [{destination: {host: podinfo}}]}]")))
                .isEmpty();
    }

    @Test
    void leadsToTheServiceThatCallersUseUntilItGoes() {
        assertThat(WANTED.withoutVersions().path("http")).isEqualTo(yaml("""
                - {match: [{uri: {prefix: /}}], route: [{destination: {host: podinfo}}], timeout: 5s}
                """));
    }

    private static JsonNode yaml(String text) {
        return new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text));
    }
}
