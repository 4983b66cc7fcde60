package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Subset;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.ClientAuth;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Istio's own tests of routing ask (spec of Istio, §5.1, §5.2), through the gateway. */
final class IstioScenariosTest {
    private static final String HOST = "dst.shop.svc.cluster.local";
    private static final Map<String, String> V1 = Map.of("version", "v1");
    private static final Map<String, String> V2 = Map.of("version", "v2");
    private static final String AROUND = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: dst, namespace: shop}
            spec:
              host: dst
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            """;

    private final World world = new World();

    @AfterEach
    void stops() {
        world.close();
    }

    @Test
    void addsAndSetsHeadersOfRequests() {
        obeys("""
                - route: [{destination: {host: dst}}]
                  headers:
                    request:
                      add: {istio-custom-header: user-defined-value}
                      set: {x-custom: some-value}
                      remove: [x-gone]
                    response:
                      set: {x-answered: by-rule}
                """);

        Conversation.Response response = get("/", "x-custom: other", "x-gone: 1");

        assertThat(response.body())
                .contains("istio-custom-header: user-defined-value", "x-custom: some-value")
                .doesNotContain("other", "x-gone");
        assertThat(response.head()).contains("x-answered: by-rule");
    }

    @Test
    void givesTheRuleTheLastWordOnTheHostWhoeverElseSaysOne() {
        obeys("""
                - route: [{destination: {host: dst}, headers: {request: {set: {x-who: destination}}}}]
                  headers: {request: {set: {":authority": route-authority, x-who: route}}}
                """);

        assertThat(get("/").body()).contains("Host: route-authority", "x-who: destination");
    }

    /** VS-4, VS-5, VS-8. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{destination: {host: dst}, headers: {request: {set: {Host: my-custom-authority}}}}]",
                "[{destination: {host: dst}, headers: {request: {set: {':authority': my-custom-authority}}}}]",
                "[{destination: {host: dst}, headers: {request: {set: {host: my-custom-authority}, add: {Host: no}}}}]",
                "[{destination: {host: dst}, weight: 50, headers: {request: {set: {Host: my-custom-authority}}}},"
                        + " {destination: {host: dst, subset: v1}, weight: 50, headers: {request: {set: {Host: my-custom-authority}}}}]"
            })
    void tellsTheBackendTheHostThatItsDestinationSays(String route) {
        obeys("- route: " + route);

        for (int i = 0; i < 10; i++) {
            assertThat(get("/").body())
                    .containsOnlyOnce("\nHost: ")
                    .contains("\nHost: my-custom-authority\r\n", "X-Forwarded-Host: " + HOST);
        }
    }

    /** VS-6, VS-7. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{destination: {host: dst}, headers: {request: {set: {Host: dest-authority}}}}]",
                "[{destination: {host: dst}, weight: 50, headers: {request: {set: {Host: dest-authority}}}},"
                        + " {destination: {host: dst, subset: v1}, weight: 50}]"
            })
    void goesByTheHostOfTheRuleRatherThanThatOfADestination(String route) {
        obeys("- headers: {request: {set: {':authority': route-authority}}}\n  route: " + route);

        for (int i = 0; i < 10; i++) {
            assertThat(get("/").body()).contains("\nHost: route-authority\r\n").doesNotContain("dest-authority");
        }
    }

    @Test
    void changesHeadsForEachVersionAsItsDestinationSaysButForWhatTheRuleSetsOrRemoves() {
        obeys("""
                - match: [{uri: {prefix: /last}}]
                  route:
                  - {destination: {host: dst}, weight: 0}
                  - {destination: {host: dst, subset: v1}, weight: 100, headers: {request: {set: {x-who: v1}, add: {x-more: v1}}}}
                  headers: {request: {set: {x-who: rule}}}
                - match: [{uri: {prefix: /removed}}]
                  route:
                  - {destination: {host: dst}, weight: 0}
                  - {destination: {host: dst, subset: v1}, weight: 100, headers: {request: {set: {x-who: v1, x-more: v1}}}}
                  headers: {request: {remove: [X-Who]}}
                - route:
                  - destination: {host: dst}
                    weight: 50
                    headers: {request: {set: {x-met: all}}, response: {add: {Set-Cookie: met=all}}}
                  - destination: {host: dst, subset: v1}
                    weight: 50
                    headers: {response: {add: {Set-Cookie: met=v1}, remove: [content-type]}}
                """);

        assertThat(get("/last").body()).contains("x-who: rule", "x-more: v1").doesNotContain("x-who: v1");
        assertThat(get("/removed").body()).contains("x-more: v1").doesNotContain("x-who");
        Set<String> met = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            Conversation.Response response = get("/", "x-met: nobody");
            String who = response.body().substring(0, response.body().indexOf(' '));
            met.add(who);
            assertThat(response.head()).containsOnlyOnce("Set-Cookie: met=").contains("Set-Cookie: met=" + who);
            assertThat(response.body()).contains(who.equals("all") ? "x-met: all" : "x-met: nobody");
        }
        assertThat(met).containsExactlyInAnyOrder("all", "v1");
    }

    @Test
    void tiesNobodyToAVersionThatCannotServe() {
        obeys("""
                - route:
                  - {destination: {host: dst}, weight: 0}
                  - {destination: {host: dst, subset: v2}, weight: 100, headers: {response: {add: {Set-Cookie: met=v2}}}}
                """);

        Conversation.Response response = get("/");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.head()).doesNotContain("Set-Cookie");
    }

    @Test
    void rewritesTheWholeOfAnExactPathAndTheBeginningOfAPrefix() {
        obeys("""
                - match: [{uri: {exact: /foo}}]
                  rewrite: {uri: /new/path}
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /bar}}]
                  rewrite: {uri: /baz}
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /slash}}]
                  rewrite: {uri: /}
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /regex}}]
                  rewrite: {uriRegexRewrite: {match: "/regex/([^/]+)", rewrite: '/by-\\1'}}
                  route: [{destination: {host: dst}}]
                """);

        assertThat(get("/foo?key=value").body()).contains("GET /new/path?key=value HTTP");
        assertThat(get("/barbar").body()).contains("GET /bazbar HTTP");
        assertThat(get("/slash/a").body()).contains("GET //a HTTP");
        assertThat(get("/regex/one/two").body()).contains("GET /by-one/two HTTP");
        assertThat(get("/other").status()).isEqualTo(404);
    }

    @Test
    void abortsAndDelaysOnPurpose() {
        obeys("""
                - match: [{uri: {prefix: /abort}}]
                  fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /never}}]
                  fault: {abort: {httpStatus: 418}}
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /slow}}]
                  fault: {delay: {percentage: {value: 100}, fixedDelay: 200ms}}
                  route: [{destination: {host: dst}}]
                """);
        long before = System.nanoTime();

        assertThat(get("/slow").status()).isEqualTo(200);
        assertThat(System.nanoTime() - before).isGreaterThan(190_000_000L);
        assertThat(get("/abort").status()).isEqualTo(418);
        assertThat(get("/abort").body()).isEqualTo("fault filter abort");
        assertThat(get("/never").status()).isEqualTo(200);
    }

    /** VS-20. A delay before it takes nothing away. */
    @ParameterizedTest
    @ValueSource(strings = {"", "delay: {percentage: {value: 100}, fixedDelay: 1ms}, "})
    void vs20EndsCallsOfGrpcByTheirOwnStatusAndTellsOthersTheSame(String delay) {
        String rules = """
                - match: [{uri: {prefix: /never}}]
                  fault: {abort: {percentage: {value: 0}, grpcStatus: UNAVAILABLE}}
                  route: [{destination: {host: dst}}]
                - fault: {%sabort: {percentage: {value: 100}, grpcStatus: UNAVAILABLE}}
                  route: [{destination: {host: dst}}]
                """.formatted(delay);
        install(AROUND + virtualService(rules).replace("hosts: [dst]", "hosts: ['*']"), Optional.empty());

        try (Conversation connection = Conversation.with(world.gateway.httpAddress())) {
            Frames client = Frames.over(connection);
            Frames.Answer call = GrpcEndpoints.call(client, 1, "hello").answer(1);

            assertThat(call.status()).isEqualTo(200);
            assertThat(call.heads).hasSize(1);
            assertThat(call.body).isEmpty();
            assertThat(call.last())
                    .containsEntry("content-type", List.of("application/grpc"))
                    .containsEntry("grpc-status", List.of("14"))
                    .containsEntry("grpc-message", List.of("fault filter abort"));
            assertThat(GrpcEndpoints.call(client, 3, "again").answer(3).last())
                    .containsEntry("grpc-status", List.of("14"));
        }
        assertThat(get("/").status()).isEqualTo(503);
        assertThat(get("/").body()).isEqualTo("fault filter abort");
        assertThat(get("/never").status()).isEqualTo(200);
    }

    /** VS-19, and what callers of gRPC are told, as Envoy translates it. */
    @ParameterizedTest
    @CsvSource({
        "400, 13", "401, 16", "403, 7", "404, 12", "418, 2", "429, 14", "500, 2", "502, 14", "503, 14", "504, 14"
    })
    void vs19TellsCallsOfGrpcInTheirOwnWordsWhatAnHttpStatusTellsOthers(int http, int grpc) {
        String rules = """
                - fault: {abort: {percentage: {value: 100}, httpStatus: %d}}
                  route: [{destination: {host: dst}}]
                """.formatted(http);
        install(AROUND + virtualService(rules).replace("hosts: [dst]", "hosts: ['*']"), Optional.empty());

        try (Conversation connection = Conversation.with(world.gateway.httpAddress())) {
            Frames.Answer call =
                    GrpcEndpoints.call(Frames.over(connection), 1, "hello").answer(1);

            assertThat(call.status()).isEqualTo(200);
            assertThat(call.last())
                    .containsEntry("grpc-status", List.of(String.valueOf(grpc)))
                    .containsEntry("grpc-message", List.of("fault filter abort"));
        }
        assertThat(get("/").status()).isEqualTo(http);
    }

    @Test
    void answersDirectlyWordForWordAndWithTheHeadersOfTheRule() {
        obeys("""
                - directResponse: {status: 503, body: {string: "closed für today"}}
                  headers: {response: {add: {retry-after: "3600"}}}
                """);

        Conversation.Response response = get("/");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.head()).contains("retry-after: 3600");
        assertThat(new String(response.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .isEqualTo("closed für today");
    }

    /** VS-17. */
    @Test
    void answersPreflightsOfAllowedOrigins() {
        obeys("""
                - corsPolicy:
                    allowOrigins: [{exact: http://cors.com}]
                    allowMethods: [POST, GET]
                    allowHeaders: [X-Foo-Bar, X-Foo-Baz]
                    maxAge: 24h
                  route: [{destination: {host: dst}}]
                """);

        Conversation.Response preflight =
                ask("OPTIONS", "/", "Origin: http://cors.com", "Access-Control-Request-Method: DELETE");

        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.body()).isEmpty();
        assertThat(preflight.head())
                .contains(
                        "Access-Control-Allow-Origin: http://cors.com",
                        "Access-Control-Allow-Methods: POST,GET",
                        "Access-Control-Allow-Headers: X-Foo-Bar,X-Foo-Baz",
                        "Access-Control-Max-Age: 86400");
        assertThat(get("/", "Origin: http://cors.com").head())
                .contains("200 OK", "Access-Control-Allow-Origin: http://cors.com");
        assertThat(get("/").head()).contains("200 OK").doesNotContain("Access-Control-Allow-Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "exact: http://cors.com, http://cors.com, true",
        "exact: http://cors.com, http://cors.com.evil, false",
        "prefix: http://cors., http://cors.org, true",
        "prefix: http://cors., https://cors.org, false",
        "'regex: \"https://[a-z]+\\\\.cors\\\\.com\"', https://a.cors.com, true",
        "'regex: \"https://[a-z]+\\\\.cors\\\\.com\"', https://a.cors.com.evil, false",
        "'regex: \"https://[a-z]+\\\\.cors\\\\.com\"', evilhttps://a.cors.com, false",
        "'exact: \"*\"', http://anybody, true",
    })
    void tellsEachOriginThatMayItsOwnNameAndOthersNothing(String allowed, String origin, boolean may) {
        obeys("""
                - corsPolicy: {allowOrigins: [{exact: http://other}, {%s}], allowCredentials: true}
                  route: [{destination: {host: dst}}]
                """.formatted(allowed));

        String head = get("/", "Origin: " + origin).head();

        assertThat(head).contains("200 OK");
        assertThat(head.contains("Access-Control-Allow-Origin: " + origin + "\r\n"))
                .isEqualTo(may);
        assertThat(head.contains("Access-Control-Allow-Credentials: true\r\n")).isEqualTo(may);
    }

    @Test
    void letsBackendsAnswerWhatIsNoPreflightOfAnAllowedOriginUnlessThePolicyIgnoresIt() {
        String policy = """
                - match: [{uri: {prefix: %s}}]
                  corsPolicy: {allowOrigins: [{exact: http://cors.com}], unmatchedPreflights: %s}
                  route: [{destination: {host: dst}}]
                """;
        obeys(policy.formatted("/forward", "FORWARD") + policy.formatted("/ignore", "IGNORE"));

        String method = "Access-Control-Request-Method: GET";
        assertThat(ask("OPTIONS", "/forward", "Origin: http://other", method).body())
                .startsWith("all ");
        assertThat(ask("OPTIONS", "/forward", "Origin: http://cors.com").body()).startsWith("all ");
        Conversation.Response ignored = ask("OPTIONS", "/ignore", "Origin: http://other", method);
        assertThat(ignored.status()).isEqualTo(200);
        assertThat(ignored.head()).doesNotContain("Access-Control");
        assertThat(ask("OPTIONS", "/ignore", "Origin: http://other").body()).startsWith("all ");
    }

    @Test
    void asksTheOnlyPodAgainAndAnswers503WhereNobodyTakesAConnection() {
        obeys("""
                - match: [{uri: {prefix: /default}}]
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /never}}]
                  retries: {attempts: 0}
                  route: [{destination: {host: dst}}]
                - retries: {attempts: 3, retryOn: "5xx"}
                  route: [{destination: {host: dst}}]
                """);
        AtomicInteger asked = new AtomicInteger();
        world.serve(
                new ServiceRef("shop", "dst", ServiceRef.FIRST_PORT),
                ScriptedUpstream.answering(_ -> asked.incrementAndGet() % 4 == 0
                        ? ScriptedUpstream.ok("at last")
                        : "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"));

        assertThat(get("/").body()).isEqualTo("at last");
        assertThat(get("/default").status()).isEqualTo(500);
        assertThat(get("/never").status()).isEqualTo(500);
        assertThat(asked).hasValue(6);

        world.endpoints(new ServiceRef("shop", "dst", ServiceRef.FIRST_PORT), List.of(world.refusing()));
        assertThat(get("/default").status()).isEqualTo(503);
    }

    /** LB-1, LB-2, LB-3, LB-5, and LB-0: whoever lacks what it goes by meets any of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "useSourceIp: true | / | x: y | true",
                "httpQueryParameterName: some-query-param | /?some-query-param=bar | x: y | true",
                "httpQueryParameterName: some-query-param | / | x: y | false",
                "httpHeaderName: x-some-header | / | x-some-header: baz | true",
                "httpHeaderName: x-some-header | / | x: y | false",
                "'httpCookie: {name: session-cookie}' | / | Cookie: session-cookie=somecookie | true",
                "'httpCookie: {name: session-cookie}' | / | x: y | false"
            })
    void sendsTheSameKeyToTheSamePod(String hash, String target, String header, boolean same) {
        balances("consistentHash: {" + hash + "}");

        Set<String> met = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            met.add(pod(get(target, header)));
        }

        assertThat(met.size() == 1).as("%s", met).isEqualTo(same);
    }

    @Test
    void lb4GivesACookieByWhichAClientMeetsItsPodAgain() {
        balances("consistentHash: {httpCookie: {name: session-cookie, path: /a, ttl: 3600s}}");

        Set<String> met = new HashSet<>();
        for (int client = 0; client < 20; client++) {
            Conversation.Response first = get("/");
            String line = first.head().replaceFirst("(?s).*Set-Cookie: ([^\r]*).*", "$1");
            assertThat(line).matches("session-cookie=[0-9a-f]+; Max-Age=3600; Path=/a; HttpOnly");
            met.add(pod(first));
            for (int i = 0; i < 5; i++) {
                Conversation.Response next = get("/", "Cookie: other=1; " + line.substring(0, line.indexOf(';')));
                assertThat(pod(next)).isEqualTo(pod(first));
                assertThat(next.head()).doesNotContain("Set-Cookie");
            }
        }
        assertThat(met).hasSizeGreaterThan(1);
    }

    private void balances(String balancer) {
        install(
                AROUND.replace("  host: dst\n", "  host: dst\n  trafficPolicy: {loadBalancer: {" + balancer + "}}\n")
                        + virtualService("- route: [{destination: {host: dst}}]"),
                Optional.empty());
        world.serve(
                new ServiceRef("shop", "dst", ServiceRef.FIRST_PORT),
                Stream.of("one ", "two ", "three ")
                        .map(name -> ScriptedUpstream.answering(head -> ScriptedUpstream.ok(name + head)))
                        .toArray(ScriptedUpstream[]::new));
    }

    private static String pod(Conversation.Response response) {
        return response.body().substring(0, response.body().indexOf(' '));
    }

    @Test
    void vs9ToVs12RedirectsAsTheRulesSay() {
        obeys("""
                - match: [{uri: {exact: /foo}}]
                  redirect: {uri: /new/path}
                - match: [{uri: {prefix: /bar/}}]
                  redirect: {prefixRewrite: /new/}
                - match: [{uri: {exact: /secure}}]
                  redirect: {scheme: https, derivePort: FROM_REQUEST_PORT}
                - match: [{uri: {prefix: /new}}]
                  route: [{destination: {host: dst}}]
                """);

        assertThat(get("/foo?key=value").head())
                .contains("301", "Location: http://" + HOST + "/new/path?key=value\r\n");
        assertThat(get("/bar/bar").head()).contains("301", "Location: http://" + HOST + "/new/bar\r\n");
        assertThat(get("/secure").head()).contains("301", "Location: https://" + HOST + ":80/secure\r\n");
        assertThat(get("/new/path").status()).isEqualTo(200);
    }

    @Test
    void vs13AndVs14MatchHeadersOfAnyNameAndTheMethodAsOne() {
        String odd = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
        obeys("""
                - match: [{uri: {prefix: /odd}, headers: {"%s": {exact: why}}}]
                  route: [{destination: {host: dst}}]
                - match: [{uri: {prefix: /get}, headers: {":method": {exact: GET}}}]
                  route: [{destination: {host: dst}}]
                """.formatted(odd));

        world.gateway.routes().callers(anyHeaderName(CallerOptions.DEFAULT));

        assertThat(get("/odd").status()).isEqualTo(404);
        assertThat(get("/odd", odd + ": why").status()).isEqualTo(200);
        assertThat(ask("POST", "/get", "Content-Length: 0").status()).isEqualTo(404);
        assertThat(get("/get").status()).isEqualTo(200);
    }

    /** As inside the cluster; at the edge ingress-nginx's options say which names pass. */
    private static CallerOptions anyHeaderName(CallerOptions usual) {
        return new CallerOptions(
                usual.forwardedHeaders(),
                usual.realIp(),
                usual.trusted(),
                usual.forwardedFor(),
                usual.fullChain(),
                usual.proxyProtocol(),
                usual.proxyHeader(),
                new CallerOptions.HeaderOptions(false, true, true, true, List.of()));
    }

    @Test
    void vs21HidesWhatStandsBehindARuleForEveryPath() {
        obeys("""
                - match: [{uri: {regex: ".*"}}]
                  fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
                  route: [{destination: {host: dst}}]
                - route: [{destination: {host: dst}}]
                """);

        assertThat(get("/").status()).isEqualTo(418);
    }

    /** VS-23, VS-24, VS-25: what is asked with {@code end-user: jason}, with another or empty value, and without. */
    @ParameterizedTest
    @CsvSource({
        "exact: jason, not-jason, 200, 403, 403",
        "'regex: \"*\"', '', 200, 200, 403",
        "regex: .*, '', 200, 200, 200"
    })
    void matchesRequestsWithoutAHeader(String condition, String other, int jason, int another, int missing) {
        obeys("""
                - match: [{withoutHeaders: {end-user: {%s}}}]
                  fault: {abort: {percentage: {value: 100}, httpStatus: 403}}
                  route: [{destination: {host: dst}}]
                - route: [{destination: {host: dst}}]
                """.formatted(condition));

        assertThat(get("/", "end-user: jason").status()).isEqualTo(jason);
        assertThat(get("/", "end-user: " + other).status()).isEqualTo(another);
        assertThat(get("/").status()).isEqualTo(missing);
    }

    @Test
    void gw1AndGw5ServesHostsOfGatewaysWhateverThePort() {
        install(AROUND, Optional.empty());
        assertThat(get("/").status()).isEqualTo(404);

        install(
                AROUND.replace("hosts: [\"*\"]", "hosts: [\"*.example.com\"]")
                        + virtualService("- route: [{destination: {host: dst}}]")
                                .replace("hosts: [dst]", "hosts: [\"*.example.com\"]"),
                Optional.empty());
        for (String host : List.of("foo.example.com", "foo.example.com:80", "foo.example.com:12345")) {
            try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
                assertThat(client.get(host, "/").status()).as(host).isEqualTo(200);
            }
        }
    }

    @Test
    void answersUnavailableForTheShareOfASubsetWithoutPods() {
        obeys("""
                - route:
                  - {destination: {host: dst, subset: v1}, weight: 50}
                  - {destination: {host: dst, subset: v2}, weight: 50}
                """);
        int unavailable = 0;
        for (int i = 0; i < 200; i++) {
            unavailable += get("/").status() == 503 ? 1 : 0;
        }

        assertThat(unavailable).isBetween(65, 135);
    }

    @Test
    void sendsRequestsToAHostOutsideOfTheCluster() {
        String entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api.example.com]
                  location: MESH_EXTERNAL
                  resolution: DNS
                  ports: [{number: 80, name: http, protocol: HTTP}]
                ---
                """;
        serve(new ServiceRef("shop", "api.example.com", "80"), "outside ");
        install(AROUND + entry + virtualService("""
                        - rewrite: {authority: api.example.com}
                          route: [{destination: {host: api.example.com, port: {number: 80}}}]
                        """), Optional.empty());

        assertThat(get("/a").body()).startsWith("outside ").contains("Host: api.example.com");
    }

    @Test
    void sendsEverybodyToHttpsWhereAServerSaysSo() {
        install(AROUND.replace("hosts: [\"*\"]", "hosts: [\"*\"]\n    tls: {httpsRedirect: true}"), Optional.empty());

        assertThat(get("/a?b=c").head()).contains("301").contains("Location: https://" + HOST);
    }

    /** GW-2, GW-3. */
    @Test
    void gw3ServesWhatATrustedProxySaysCameOverHttpsInsteadOfSendingItThere() {
        install(
                AROUND.replace("hosts: [\"*\"]", "hosts: [\"*\"]\n    tls: {httpsRedirect: true}")
                        + virtualService("- route: [{destination: {host: dst}}]"),
                Optional.empty());

        assertThat(get("/", "x-forwarded-proto: https").status())
                .as("by anybody")
                .isEqualTo(301);
        world.gateway.routes().callers(trusting(CallerOptions.DEFAULT));
        assertThat(get("/", "x-forwarded-proto: https").body()).startsWith("all ");
        assertThat(get("/", "x-forwarded-proto: http").status()).isEqualTo(301);
        assertThat(get("/").status()).isEqualTo(301);
    }

    private static CallerOptions trusting(CallerOptions usual) {
        return new CallerOptions(
                true,
                usual.realIp(),
                usual.trusted(),
                usual.forwardedFor(),
                usual.fullChain(),
                usual.proxyProtocol(),
                usual.proxyHeader(),
                usual.headers());
    }

    /** GW-12, and its strict sister. */
    @ParameterizedTest
    @CsvSource({
        "OPTIONAL_MUTUAL, nobody, 200",
        "OPTIONAL_MUTUAL, alice, 200",
        "OPTIONAL_MUTUAL, mallory, 400",
        "MUTUAL, nobody, 400",
        "MUTUAL, alice, 200",
        "MUTUAL, mallory, 400",
    })
    void gw12AsksClientsForCertificates(String mode, String who, int status) {
        TestAuthority servers = TestAuthority.named("servers");
        TestAuthority clients = TestAuthority.named("clients");
        Map<String, SSLContext> contexts = Map.of(
                "nobody", servers.context(),
                "alice", servers.context(clients.issue("alice")),
                "mallory", servers.context(TestAuthority.named("strangers").issue("alice")));
        IstioObjects objects = objects("""
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: default}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 443, name: https, protocol: HTTPS}
                    hosts: [app.example.com]
                    tls: {mode: %s, credentialName: cert, caCertCredentialName: ca}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: default}
                spec:
                  hosts: [app.example.com]
                  gateways: [edge]
                  http: [{route: [{destination: {host: web}}]}]
                """.formatted(mode));
        HostTls host = Objects.requireNonNull(objects.tls().get("app.example.com"));
        assertThat(host.clients()).containsInstanceOf(ClientAuth.Asked.class);
        try (TlsWorld tls = new TlsWorld()) {
            tls.asks("app.example.com", servers.issue("app.example.com"), clients);
            tls.world.gateway.routes().install(RouteTable.of(edge(objects)));
            tls.world.serve(new ServiceRef("default", "web", ServiceRef.FIRST_PORT), ScriptedUpstream.saying("hello"));

            assertThat(tls.get(Objects.requireNonNull(contexts.get(who)), "app.example.com", "/")
                            .status())
                    .isEqualTo(status);
        }
    }

    @Test
    void servesOtherPortsForThemselves() throws Exception {
        String twoPorts = AROUND.replace(
                "    hosts: [\"*\"]\n",
                "    hosts: [\"*\"]\n"
                        + "  - {port: {number: 8090, name: two, protocol: HTTP}, hosts: [\"*.svc.cluster.local\"]}\n");
        install(twoPorts + virtualService("""
                        - match: [{port: 8090}]
                          route: [{destination: {host: dst, subset: v1}}]
                        - match: [{port: 80}]
                          route: [{destination: {host: dst}}]
                        """), Optional.empty());
        InetSocketAddress other = world.listenFor(":8090");

        assertThat(get("/").body()).startsWith("all ");
        try (Conversation client = Conversation.with(other)) {
            assertThat(client.get(HOST + ":8090", "/").body()).startsWith("v1 ");
            assertThat(client.get("nobody.example.com", "/").status()).isEqualTo(404);
        }
    }

    @Test
    void knowsACallerInsideByItsAddress() throws Exception {
        ServicePort port = new ServicePort("shop", "dst", 80);
        String rules = virtualService("""
                - match: [{sourceLabels: {version: v2}}]
                  route: [{destination: {host: dst, subset: v2}}]
                - route: [{destination: {host: dst, subset: v1}}]
                """);
        install(AROUND + rules, Optional.of(port));
        serve(new ServiceRef("shop", "dst", "80").of(Subset.of("v2", V2)), "v2 ");
        InetSocketAddress inside = world.listenFor(port.ruleHost());

        assertThat(getAt(inside)).startsWith("v1 ");
        ByteBuffer me = ByteBuffer.wrap(new byte[] {127, 0, 0, 1});
        world.gateway.routes().workloads(Map.of(me, Optional.of(new Workload("shop", "page-v2", V2))));
        assertThat(getAt(inside)).startsWith("v2 ");
        world.gateway.routes().workloads(Map.of(me, Optional.empty()));
        assertThat(getAt(inside)).startsWith("v1 ");
    }

    private static String getAt(InetSocketAddress address) {
        try (Conversation client = Conversation.with(address)) {
            return client.get("whatever", "/").body();
        }
    }

    private void obeys(String rules) {
        install(AROUND + virtualService(rules), Optional.empty());
    }

    private static String virtualService(String rules) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: dst, namespace: shop}
                spec:
                  hosts: [dst]
                  gateways: [mesh, edge]
                  http:
                """ + rules.indent(2);
    }

    private void install(String yaml, Optional<ServicePort> inside) {
        IstioObjects objects = objects(yaml);
        List<Rule> rules = edge(objects);
        inside.ifPresent(port -> objects.mesh(List.of(port)).rules().values().forEach(rules::addAll));
        world.gateway.routes().install(RouteTable.of(rules));
        ServiceRef all = new ServiceRef("shop", "dst", ServiceRef.FIRST_PORT);
        serve(all, "all ");
        serve(all.of(Subset.of("v1", V1)), "v1 ");
        serve(new ServiceRef("shop", "dst", "80").of(Subset.of("v1", V1)), "v1 ");
    }

    private static IstioObjects objects(String yaml) {
        return new IstioObjects(
                IstioObject.all(ManifestFiles.parse("test.yaml", yaml).istio()));
    }

    private static List<Rule> edge(IstioObjects objects) {
        List<Rule> rules = new ArrayList<>();
        objects.edge().rules().values().forEach(rules::addAll);
        return rules;
    }

    private void serve(ServiceRef service, String name) {
        world.serve(service, ScriptedUpstream.answering(head -> ScriptedUpstream.ok(name + head)));
    }

    private Conversation.Response get(String target, String... headers) {
        return ask("GET", target, headers);
    }

    private Conversation.Response ask(String method, String target, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
            return client.send(head.append("\r\n").toString()).readResponse();
        }
    }
}
