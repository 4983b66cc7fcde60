package dev.linnet.manifests.flagger;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The HTTPRoute that provider {@code gatewayapi:v1} writes, as Flagger's users know it (spec of Flagger, D.5). */
class CanaryHttpRouteTest {
    private static final CanaryHttpRoute WANTED =
            new CanaryHttpRoute(new Names("podinfo", "test", "podinfo", "podinfo"), yaml("""
                    port: 80
                    gatewayRefs: [{name: edge, namespace: infra}]
                    hosts: [www.example.com]
                    timeout: 5s
                    """));

    @Test
    void givesEachVersionItsShare() {
        JsonNode spec = WANTED.spec(new Traffic.Split(10), List.of());

        assertThat(spec).isEqualTo(yaml("""
                parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge, namespace: infra}]
                hostnames: [www.example.com]
                rules:
                - matches: [{path: {type: PathPrefix, value: /}}]
                  timeouts: {request: 5s}
                  backendRefs:
                  - {group: "", kind: Service, name: podinfo-primary, port: 80, weight: 90}
                  - {group: "", kind: Service, name: podinfo-canary, port: 80, weight: 10}
                """));
        assertThat(WANTED.share(spec)).contains(10);
        assertThat(WANTED.mirrored(spec)).isEmpty();
    }

    @Test
    void sendsAnAudienceToTheCanaryAndAllOthersToThePrimary() {
        List<Match> audience = List.of(
                new Match(Map.of("x-canary", new Text(Kind.EXACT, "insider")), Map.of(), Map.of()),
                new Match(Map.of("x-user", new Text(Kind.SUFFIX, "@a.b")), Map.of(), Map.of()));

        JsonNode rules = WANTED.spec(new Traffic.Audience(), audience).path("rules");

        assertThat(rules.path(0).path("matches")).isEqualTo(yaml("""
                - {path: {type: PathPrefix, value: /}, headers: [{name: x-canary, type: Exact, value: insider}]}
                - {path: {type: PathPrefix, value: /}, headers: [{name: x-user, type: RegularExpression, value: '.*\\Q@a.b\\E'}]}
                """));
        assertThat(rules.path(1).path("backendRefs")).isEqualTo(yaml("""
                - {group: "", kind: Service, name: podinfo-primary, port: 80, weight: 100}
                """));
    }

    @Test
    void copiesRequestsToTheCanaryWhileAllMeetThePrimary() {
        JsonNode spec = WANTED.spec(new Traffic.Mirrored(0), List.of());

        assertThat(spec.path("rules").path(0).path("filters")).isEqualTo(yaml("""
                - type: RequestMirror
                  requestMirror: {backendRef: {group: "", kind: Service, name: podinfo-canary, port: 80}}
                """));
        assertThat(WANTED.mirrored(spec)).contains(0);
        assertThat(WANTED.share(spec)).contains(0);
    }

    /** In Flagger's words. */
    @Test
    void isNotObeyedBeforeItsParentsHaveAcceptedThisGeneration() {
        String route = """
                metadata: {generation: 3}
                spec: {parentRefs: [{name: edge, namespace: infra}]}
                status:
                  parents:
                  - parentRef: {name: other}
                    conditions: [{type: Accepted, status: "False", observedGeneration: 3}]
                  - parentRef: {name: edge, namespace: infra}
                    conditions: [{type: Accepted, status: "STATUS", observedGeneration: OBSERVED}]
                """;

        assertThat(WANTED.lag(yaml(route.replace("STATUS", "True").replace("OBSERVED", "3"))))
                .isEmpty();
        assertThat(WANTED.lag(yaml(route.replace("STATUS", "True").replace("OBSERVED", "2"))))
                .contains(
                        "HTTPRoute podinfo.test parent edge is not ready (status: True, observed generation: 2, current"
                                + " generation: 3)");
        assertThat(WANTED.lag(yaml(route.replace("STATUS", "False").replace("OBSERVED", "3"))))
                .contains(
                        "HTTPRoute podinfo.test parent edge is not ready (status: False, observed generation: 3, current"
                                + " generation: 3)");
        assertThat(WANTED.lag(yaml("{metadata: {generation: 1}, spec: {parentRefs: [{name: edge}]}}")))
                .as("of a data plane without a status")
                .isEmpty();
    }

    @Test
    void leadsToTheServiceThatCallersUseUntilItGoes() {
        assertThat(WANTED.withoutVersions().path("rules").path(0).path("backendRefs"))
                .isEqualTo(yaml("[{group: \"\", kind: Service, name: podinfo, port: 80, weight: 100}]"));
    }

    private static JsonNode yaml(String text) {
        return new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text));
    }
}
