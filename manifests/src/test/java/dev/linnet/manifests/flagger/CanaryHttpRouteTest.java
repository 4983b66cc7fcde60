package dev.linnet.manifests.flagger;

import static dev.linnet.manifests.flagger.Plans.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Traffic;
import org.junit.jupiter.api.Test;

/** The HTTPRoute that provider {@code gatewayapi:v1} writes, as Flagger's users know it (spec of Flagger, D.5). */
class CanaryHttpRouteTest {
    private static final String SERVICE = """
            port: 80
            gatewayRefs: [{name: edge, namespace: infra}]
            hosts: [www.example.com]
            timeout: 5s
            """;
    private static final CanaryHttpRoute WANTED = wanted(SERVICE, "stepWeight: 10");
    private static final String AUDIENCE =
            "match: [{headers: {x-canary: {exact: insider}}}, {headers: {x-user: {suffix: '@a.b'}}}]";
    private static final String AFFINITY = """
            stepWeight: 10
            interval: 15s
            sessionAffinity: {cookieName: c, primaryCookieName: p, secure: true}
            """;

    @Test
    void givesEachVersionItsShare() {
        JsonNode spec = WANTED.spec(new Traffic.Split(10), Cookies.NONE);

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
        assertThat(WANTED.traffic(spec)).contains(new Traffic.Split(10));
    }

    @Test
    void sendsAnAudienceToTheCanaryAndAllOthersToThePrimary() {
        CanaryHttpRoute wanted = wanted(SERVICE, "iterations: 5\n" + AUDIENCE);

        JsonNode spec = wanted.spec(new Traffic.Audience(100), Cookies.NONE);

        JsonNode rules = spec.path("rules");
        assertThat(rules.path(0).path("matches")).isEqualTo(yaml("""
                - {path: {type: PathPrefix, value: /}, headers: [{name: x-canary, type: Exact, value: insider}]}
                - {path: {type: PathPrefix, value: /}, headers: [{name: x-user, type: RegularExpression, value: '.*\\Q@a.b\\E'}]}
                """));
        assertThat(rules.path(1).path("backendRefs")).isEqualTo(yaml("""
                - {group: "", kind: Service, name: podinfo-primary, port: 80, weight: 100}
                """));
        assertThat(wanted.traffic(spec)).contains(new Traffic.Audience(100));
    }

    @Test
    void givesTheCanaryItsShareOfAnAudienceOnly() {
        CanaryHttpRoute wanted = wanted(SERVICE, "stepWeight: 10\n" + AUDIENCE);

        JsonNode spec = wanted.spec(new Traffic.Audience(30), Cookies.NONE);

        assertThat(spec.path("rules").path(0).path("backendRefs")).isEqualTo(yaml("""
                - {group: "", kind: Service, name: podinfo-primary, port: 80, weight: 70}
                - {group: "", kind: Service, name: podinfo-canary, port: 80, weight: 30}
                """));
        assertThat(spec.path("rules")).hasSize(2);
        assertThat(wanted.traffic(spec)).contains(new Traffic.Audience(30));
    }

    @Test
    void keepsUsersAtTheVersionThatTheyHaveMet() {
        CanaryHttpRoute wanted = wanted(SERVICE, AFFINITY);

        JsonNode spec = wanted.spec(new Traffic.Split(10), new Cookies("c=AbCdEfGhIj", "", "p=KlMnOpQrSt"));

        assertThat(spec.path("rules")).isEqualTo(yaml("""
                - matches:
                  - path: {type: PathPrefix, value: /}
                    headers: [{name: Cookie, type: RegularExpression, value: '(.*;\\s*)?c=AbCdEfGhIj(;.*)?'}]
                  timeouts: {request: 5s}
                  backendRefs:
                  - {group: "", kind: Service, name: podinfo-primary, port: 80, weight: 0}
                  - {group: "", kind: Service, name: podinfo-canary, port: 80, weight: 100}
                - matches:
                  - path: {type: PathPrefix, value: /}
                    headers: [{name: Cookie, type: RegularExpression, value: '(.*;\\s*)?p=KlMnOpQrSt(;.*)?'}]
                  timeouts: {request: 5s}
                  backendRefs:
                  - {group: "", kind: Service, name: podinfo-primary, port: 80, weight: 100}
                  - {group: "", kind: Service, name: podinfo-canary, port: 80, weight: 0}
                - matches: [{path: {type: PathPrefix, value: /}}]
                  timeouts: {request: 5s}
                  backendRefs:
                  - group: ""
                    kind: Service
                    name: podinfo-primary
                    port: 80
                    weight: 90
                    filters:
                    - type: ResponseHeaderModifier
                      responseHeaderModifier: {add: [{name: Set-Cookie, value: p=KlMnOpQrSt; Max-Age=15; Secure}]}
                  - group: ""
                    kind: Service
                    name: podinfo-canary
                    port: 80
                    weight: 10
                    filters:
                    - type: ResponseHeaderModifier
                      responseHeaderModifier: {add: [{name: Set-Cookie, value: c=AbCdEfGhIj; Max-Age=86400; Secure}]}
                """));
        assertThat(wanted.traffic(spec)).contains(new Traffic.Split(10));
    }

    /** No kind of filter may be in a rule twice. */
    @Test
    void tellsUsersToForgetTheCookieOfARunThatIsOverBesideWhatAllAreTold() {
        CanaryHttpRoute wanted = wanted(SERVICE + "headers: {response: {set: {x-who: us}}}\n", AFFINITY);

        JsonNode rules = wanted.spec(Traffic.ALL_PRIMARY, new Cookies("", "c=AbCdEfGhIj", ""))
                .path("rules");

        assertThat(rules.path(0).path("matches").path(0).path("headers"))
                .isEqualTo(yaml("[{name: Cookie, type: RegularExpression, value: '(.*;\\s*)?c=AbCdEfGhIj(;.*)?'}]"));
        assertThat(rules.path(0).path("filters")).isEqualTo(yaml("""
                - type: ResponseHeaderModifier
                  responseHeaderModifier:
                    set: [{name: x-who, value: us}]
                    add: [{name: Set-Cookie, value: c=AbCdEfGhIj; Max-Age=-1; Secure}]
                """));
        assertThat(rules.path(1).path("filters")).isEqualTo(yaml("""
                - {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-who, value: us}]}}
                """));
        assertThat(rules.path(1).path("backendRefs").path(0).has("filters")).isFalse();
    }

    @Test
    void copiesRequestsToTheCanaryWhileAllMeetThePrimary() {
        JsonNode spec = WANTED.spec(new Traffic.Mirrored(0), Cookies.NONE);

        assertThat(spec.path("rules").path(0).path("filters")).isEqualTo(yaml("""
                - type: RequestMirror
                  requestMirror: {backendRef: {group: "", kind: Service, name: podinfo-canary, port: 80}}
                """));
        assertThat(WANTED.traffic(spec)).contains(new Traffic.Mirrored(0));
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

    private static CanaryHttpRoute wanted(String service, String analysis) {
        return new CanaryHttpRoute(Plans.release("gatewayapi:v1", service, analysis), yaml(service));
    }

    @Test
    void saysWhoseScriptsMayAskAndLeavesPatternsOfThemOut() {
        JsonNode spec = wanted(SERVICE + """
                corsPolicy:
                  allowOrigin: ["https://a.example.com"]
                  allowOrigins: [{exact: "https://b.example.com"}, {regex: ".*"}]
                  allowMethods: [GET, PUT]
                  allowHeaders: [x-token]
                  exposeHeaders: [x-version]
                  allowCredentials: true
                  maxAge: 24h
                """, "stepWeight: 10").spec(new Traffic.Split(0), Cookies.NONE);

        assertThat(spec.path("rules").path(0).path("filters").path(0)).isEqualTo(yaml("""
                type: CORS
                cors:
                  allowOrigins: ["https://a.example.com", "https://b.example.com"]
                  allowMethods: [GET, PUT]
                  allowHeaders: [x-token]
                  exposeHeaders: [x-version]
                  allowCredentials: true
                  maxAge: 86400
                """));
    }
}
