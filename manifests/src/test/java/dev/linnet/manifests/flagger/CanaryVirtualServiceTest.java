package dev.linnet.manifests.flagger;

import static dev.linnet.manifests.flagger.Plans.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Traffic;
import org.junit.jupiter.api.Test;

/** The VirtualService that provider {@code istio} writes, as Flagger's users know it (spec of Flagger, D.4). */
class CanaryVirtualServiceTest {
    private static final String SERVICE = """
            port: 80
            gateways: [istio-system/public]
            hosts: [app.example.com]
            match: [{uri: {prefix: /}}]
            timeout: 5s
            """;
    private static final CanaryVirtualService WANTED = wanted(SERVICE, "stepWeight: 10");
    private static final String AUDIENCE =
            "match: [{headers: {x-canary: {exact: insider}}, sourceLabels: {app: front}}]";
    private static final String AFFINITY = """
            stepWeight: 10
            interval: 15s
            sessionAffinity: {cookieName: c, primaryCookieName: p, domain: example.com, httpOnly: true}
            """;

    @Test
    void givesEachVersionItsShare() {
        JsonNode spec = WANTED.spec(new Traffic.Split(20), Cookies.NONE);

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
        assertThat(WANTED.traffic(spec)).contains(new Traffic.Split(20));
    }

    @Test
    void sendsAnAudienceToTheCanaryAndAllOthersToThePrimary() {
        CanaryVirtualService wanted = wanted(SERVICE, "iterations: 5\n" + AUDIENCE);

        JsonNode spec = wanted.spec(new Traffic.Audience(100), Cookies.NONE);

        assertThat(spec.path("http")).isEqualTo(yaml("""
                - match: [{uri: {prefix: /}, headers: {x-canary: {exact: insider}}, sourceLabels: {app: front}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 0}
                  - {destination: {host: podinfo-canary}, weight: 100}
                  timeout: 5s
                - match: [{uri: {prefix: /}}]
                  route: [{destination: {host: podinfo-primary}, weight: 100}]
                  timeout: 5s
                """));
        assertThat(wanted.traffic(spec)).contains(new Traffic.Audience(100));
    }

    /** Without them, all who match what the Service asks for would meet the canary. */
    @Test
    void knowsAnAudienceByItsParametersToo() {
        JsonNode spec = wanted(SERVICE, "iterations: 5\nmatch: [{queryParams: {beta: {exact: 'yes'}}}]")
                .spec(new Traffic.Audience(100), Cookies.NONE);

        assertThat(spec.path("http").path(0).path("match"))
                .isEqualTo(yaml("[{uri: {prefix: /}, queryParams: {beta: {exact: 'yes'}}}]"));
    }

    @Test
    void givesTheCanaryItsShareOfAnAudienceOnly() {
        CanaryVirtualService wanted = wanted(SERVICE, "stepWeight: 10\n" + AUDIENCE);

        JsonNode spec = wanted.spec(new Traffic.Audience(30), Cookies.NONE);

        assertThat(spec.path("http").path(0).path("route")).isEqualTo(yaml("""
                [{destination: {host: podinfo-primary}, weight: 70}, {destination: {host: podinfo-canary}, weight: 30}]
                """));
        assertThat(spec.path("http").path(1).path("route"))
                .isEqualTo(yaml("[{destination: {host: podinfo-primary}, weight: 100}]"));
        assertThat(wanted.traffic(spec)).contains(new Traffic.Audience(30));
        assertThat(wanted.traffic(wanted.spec(Traffic.ALL_CANARY, Cookies.NONE)))
                .as("all of them, where the primary cannot serve")
                .contains(Traffic.ALL_CANARY);
    }

    @Test
    void keepsUsersAtTheVersionThatTheyHaveMet() {
        CanaryVirtualService wanted = wanted(SERVICE, AFFINITY);
        Cookies cookies = new Cookies("c=AbCdEfGhIj", "c=ofTheLastRun", "p=KlMnOpQrSt");

        JsonNode spec = wanted.spec(new Traffic.Split(10), cookies);

        assertThat(spec.path("http")).isEqualTo(yaml("""
                - match: [{uri: {prefix: /}, headers: {Cookie: {regex: '(.*;\\s*)?c=AbCdEfGhIj(;.*)?'}}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 0}
                  - {destination: {host: podinfo-canary}, weight: 100}
                  timeout: 5s
                - match: [{uri: {prefix: /}, headers: {Cookie: {regex: '(.*;\\s*)?p=KlMnOpQrSt(;.*)?'}}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 100}
                  - {destination: {host: podinfo-canary}, weight: 0}
                  timeout: 5s
                - match: [{uri: {prefix: /}}]
                  route:
                  - destination: {host: podinfo-primary}
                    weight: 90
                    headers: {response: {add: {Set-Cookie: p=KlMnOpQrSt; Max-Age=15; Domain=example.com; HttpOnly}}}
                  - destination: {host: podinfo-canary}
                    weight: 10
                    headers: {response: {add: {Set-Cookie: c=AbCdEfGhIj; Max-Age=86400; Domain=example.com; HttpOnly}}}
                  timeout: 5s
                """));
        assertThat(wanted.traffic(spec)).contains(new Traffic.Split(10));
    }

    @Test
    void tellsUsersToForgetTheCookieOfARunThatIsOver() {
        CanaryVirtualService wanted = wanted(
                "{port: 80, headers: {response: {add: {x-who: us}}}, match: [{headers: {x-a: {exact: b}}}]}", AFFINITY);

        JsonNode spec = wanted.spec(Traffic.ALL_PRIMARY, new Cookies("", "c=AbCdEfGhIj", ""));

        assertThat(spec.path("http")).isEqualTo(yaml("""
                - match: [{headers: {x-a: {exact: b}, Cookie: {regex: '(.*;\\s*)?c=AbCdEfGhIj(;.*)?'}}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 100}
                  - {destination: {host: podinfo-canary}, weight: 0}
                  headers:
                    response:
                      add: {x-who: us, Set-Cookie: c=AbCdEfGhIj; Max-Age=-1; Domain=example.com; HttpOnly}
                - match: [{headers: {x-a: {exact: b}}}]
                  route:
                  - {destination: {host: podinfo-primary}, weight: 100}
                  - {destination: {host: podinfo-canary}, weight: 0}
                  headers: {response: {add: {x-who: us}}}
                """));
        assertThat(wanted.traffic(spec)).contains(Traffic.ALL_PRIMARY);
        assertThat(wanted.spec(Traffic.ALL_PRIMARY, Cookies.NONE).path("http")).hasSize(1);
    }

    @Test
    void takesNoOtherCookieForItsOwn() {
        String regex = wanted("port: 80", "sessionAffinity: {cookieName: a.b}")
                .spec(new Traffic.Split(10), new Cookies("a.b=AbCdEfGhIj", "", ""))
                .at("/http/0/match/0/headers/Cookie/regex")
                .asText();

        assertThat("a.b=AbCdEfGhIj").matches(regex);
        assertThat("x=1;a.b=AbCdEfGhIj; y=2").matches(regex);
        assertThat("x-a.b=AbCdEfGhIj").doesNotMatch(regex);
        assertThat("acb=AbCdEfGhIj").doesNotMatch(regex);
        assertThat("a.b=AbCdEfGhIjK").doesNotMatch(regex);
    }

    @Test
    void isForCallersInsideWhereNoGatewayIsNamed() {
        CanaryVirtualService plain = wanted("port: 80", "stepWeight: 10");

        assertThat(plain.spec(Traffic.ALL_PRIMARY, Cookies.NONE)).isEqualTo(yaml("""
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
        CanaryVirtualService wanted = wanted("{port: 80, trafficPolicy: {tls: {mode: DISABLE}}}", "stepWeight: 10");

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
        assertThat(WANTED.traffic(WANTED.spec(new Traffic.Mirrored(30), Cookies.NONE)))
                .contains(new Traffic.Mirrored(30));
        String route = "route: [{destination: {host: podinfo-primary}}, {destination: {host: podinfo-canary}}]";
        assertThat(WANTED.traffic(yaml("http: [{mirror: {host: audit}, " + route + "}]")))
                .contains(Traffic.ALL_PRIMARY);
        assertThat(WANTED.traffic(yaml("http: [{route: [{destination: {host: podinfo}}]}]")))
                .isEmpty();
    }

    @Test
    void leadsToTheServiceThatCallersUseUntilItGoes() {
        assertThat(WANTED.withoutVersions().path("http")).isEqualTo(yaml("""
                - {match: [{uri: {prefix: /}}], route: [{destination: {host: podinfo}}], timeout: 5s}
                """));
    }

    @Test
    void cannotBeAPartOfAnotherOneAndNameHosts() {
        assertThat(wanted("port: 80\ndelegation: true\n", "stepWeight: 10").objection())
                .isEmpty();
        assertThat(wanted("port: 80\ndelegation: true\nhosts: [a.example.com]\n", "stepWeight: 10")
                        .objection())
                .contains("VirtualService podinfo.test cannot have hosts and gateways when delegation enabled");
    }

    private static CanaryVirtualService wanted(String service, String analysis) {
        return new CanaryVirtualService(Plans.release("istio", service, analysis), yaml(service));
    }
}
