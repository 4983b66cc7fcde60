package dev.linnet.gateway;

import static dev.linnet.gateway.Ingresses.ingress;
import static dev.linnet.gateway.Ingresses.rules;
import static dev.linnet.gateway.Ingresses.service;
import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which endpoint gets a request, over real sockets: LB, UH, SU and DYN of the spec's §8.3 and §8.4. */
class BalanceTest {
    private static final String HOST = "app.example.com";

    private final World world = new World();
    private final List<ScriptedUpstream> pods = new ArrayList<>();

    @AfterEach
    void close() {
        pods.forEach(ScriptedUpstream::close);
        world.close();
    }

    private List<Endpoint> pods(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    ScriptedUpstream pod = ScriptedUpstream.saying("pod-" + pods.size());
                    pods.add(pod);
                    return pod.endpoint();
                })
                .toList();
    }

    private void serve(int count, String... annotations) {
        world.routes(rules(ingress("web", HOST, "/", "web", annotations))).endpoints(service("web"), pods(count));
    }

    private Map<String, Integer> ask(int requests, String path, String... headers) {
        Map<String, Integer> answers = new HashMap<>();
        Conversation client = world.client();
        for (int i = 0; i < requests; i++) {
            answers.merge(
                    client.send(request("GET", path, headers)).readResponse().body(), 1, Integer::sum);
        }
        return answers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"load-balance", "none"})
    void lb3SharesExactlyInTurn(String annotation) {
        if (annotation.equals("none")) {
            serve(3);
        } else {
            serve(3, annotation, "round_robin");
        }

        assertThat(ask(600, "/")).isEqualTo(Map.of("pod-0", 200, "pod-1", 200, "pod-2", 200));
    }

    @Test
    void lb1AndLb2ServeByEwma() {
        serve(3, "load-balance", "ewma");

        Map<String, Integer> answers = ask(300, "/");

        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(300);
        assertThat(Set.of("pod-0", "pod-1", "pod-2")).containsAll(answers.keySet());
    }

    @Test
    void uh1SendsOneKeyToOnePod() {
        serve(6, "upstream-hash-by", "$request_uri");

        assertThat(ask(100, "/")).hasSize(1);
        Set<String> others = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            others.addAll(ask(1, "/" + i).keySet());
        }
        assertThat(others).hasSizeGreaterThan(3);
    }

    @Test
    void uh2SendsOneKeyToThreePods() {
        serve(
                6,
                "upstream-hash-by",
                "$request_uri",
                "upstream-hash-by-subset",
                "true",
                "upstream-hash-by-subset-size",
                "3");

        assertThat(ask(100, "/")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$host",
                "$http_host",
                "$uri",
                "$args",
                "$arg_user",
                "$http_x_user",
                "$cookie_sid",
                "$remote_addr",
                "$binary_remote_addr",
                "$scheme$server_name$server_port$request_method",
                "$request_uri$arg_user",
                "$nonsense",
            })
    void l12HashesWhatTheExpressionNames(String expression) {
        serve(6, "upstream-hash-by", expression);

        assertThat(ask(20, "/a?user=1&x=2", "X-User: joe", "Cookie: a=1; SID=42"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$uri | /%d | A: b",
                "$args | /?x=%d | A: b",
                "$arg_user | /?user=%d | A: b",
                "$http_x_user | / | X-User: %d",
                "$cookie_sid | / | Cookie: sid=%d",
            })
    void tellsValuesOfVariablesApart(String scenario) {
        String[] parts = scenario.split(" \\| ", -1);
        serve(6, "upstream-hash-by", parts[0]);
        Set<String> met = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            met.addAll(ask(2, parts[1].formatted(i), parts[2].formatted(i)).keySet());
        }

        assertThat(met).hasSizeGreaterThan(3);
    }

    /** 100 clients at 100 addresses of this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"sh", "mh"})
    void sendsEachOf100SourceAddressesAlwaysToTheSamePod(String scheduler) throws IOException {
        serve(4, "linnet.dev/load-balance", scheduler);
        Set<String> met = new HashSet<>();
        for (int i = 1; i <= 100; i++) {
            String first = from("127.0.1." + i);
            for (int again = 0; again < 3; again++) {
                assertThat(from("127.0.1." + i)).isEqualTo(first);
            }
            met.add(first);
        }

        assertThat(met).hasSize(4);
    }

    private String from(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(world.gateway.httpAddress());
        try (Conversation client = new Conversation(socket)) {
            return client.send(request("GET", "/")).readResponse().body();
        }
    }

    @Test
    void sendsTheSameHostToTheSamePodByDestinationHashing() {
        serve(4, "linnet.dev/load-balance", "dh");

        assertThat(ask(20, "/")).hasSize(1);
    }

    @Test
    void asksTheServiceWhereTheIngressSaysNothing() {
        serve(4);
        assertThat(ask(40, "/")).hasSize(4);

        world.gateway.routes().schedulers(Map.of(service("web"), Scheduler.SH));

        assertThat(ask(40, "/")).hasSize(1);
    }

    @Test
    void sendsNothingToTheBusyPodWhileAnotherIsIdle() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ScriptedUpstream slow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            mayAnswer.await();
            turn.say(ok("slow"));
        });
        pods.add(slow);
        List<Endpoint> all = new ArrayList<>(pods(1));
        world.routes(rules(ingress("web", HOST, "/", "web", "linnet.dev/load-balance", "lc")))
                .endpoints(service("web"), List.of(slow.endpoint()));
        Conversation waiting = world.client().send(request("GET", "/"));
        slow.nextHead();
        all.add(slow.endpoint());
        world.endpoints(service("web"), all);

        assertThat(ask(20, "/")).isEqualTo(Map.of("pod-1", 20));

        mayAnswer.countDown();
        assertThat(waiting.readResponse().body()).isEqualTo("slow");
    }

    /** After each way for a request to end, an endpoint that has nothing to do must be taken for idle. */
    @Test
    void countsNoRequestThatHasEnded() {
        ScriptedUpstream hanging = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().readToEnd();
        });
        ScriptedUpstream closing = ScriptedUpstream.playing((turn, _) -> turn.hear());
        pods.addAll(List.of(hanging, closing));
        world.routes(rules(ingress("web", HOST, "/", "web", "linnet.dev/load-balance", "lc")))
                .endpoints(service("web"), List.of(hanging.endpoint()));

        Conversation leaving = world.client().send(request("GET", "/"));
        hanging.nextHead();
        assertThat(inFlight(hanging.endpoint())).isOne();
        leaving.reset();
        await().until(() -> inFlight(hanging.endpoint()) == 0);

        Conversation patient = world.client().send(request("POST", "/"));
        hanging.nextHead();
        assertThat(inFlight(hanging.endpoint())).isOne();
        world.clock.advance(Duration.ofSeconds(61));
        assertThat(patient.readResponse().status()).isEqualTo(504);
        assertThat(inFlight(hanging.endpoint())).isZero();

        world.endpoints(service("web"), List.of(closing.endpoint()));
        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(inFlight(closing.endpoint())).isZero();
    }

    private int inFlight(Endpoint endpoint) {
        return world.gateway.routes().inFlight(endpoint);
    }

    @Test
    void su1SendsToTheAddressOfTheService() {
        world.routes(rules(ingress("web", HOST, "/", "web", "service-upstream", "true")))
                .endpoints(service("web"), pods(2))
                .endpoints(service("web").asWhole(), List.of(pods(1).getFirst()));

        assertThat(ask(10, "/")).isEqualTo(Map.of("pod-2", 10));
    }

    @ParameterizedTest
    @CsvSource({"SU-2, '', pod-2", "SU-3, false, pod-0"})
    void su2And3TheOptionOfAllHoldsUnlessAnIngressSaysOtherwise(String scenario, String own, String answers) {
        String[] annotations = own.isEmpty() ? new String[0] : new String[] {"service-upstream", own};
        world.routes(Ingresses.rulesWith(
                        Map.of("service-upstream", "true"), ingress("web", HOST, "/", "web", annotations)))
                .endpoints(service("web"), pods(1))
                .endpoints(service("web").asWhole(), List.of(pods(2).getLast()));

        assertThat(ask(10, "/").keySet()).as(scenario).containsExactly(answers);
    }

    @Test
    void dyn1FollowsEndpointsAndAlgorithmAtOnce() {
        serve(2, "load-balance", "round_robin");
        assertThat(ask(10, "/")).hasSize(2);

        world.routes(rules(ingress("web", HOST, "/", "web", "load-balance", "ewma")));
        assertThat(ask(10, "/").keySet()).isSubsetOf("pod-0", "pod-1");

        world.endpoints(service("web"), List.of());
        assertThat(world.get("/").status()).isEqualTo(503);
        world.endpoints(service("web"), pods(2));
        assertThat(world.get("/").status()).isEqualTo(200);
        world.endpoints(service("web"), List.of());
        assertThat(world.get("/").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-31", "L28"})
    void x31AndL28ACanaryIsSeenByARouteThatHashesToSubsets(String scenario) {
        String[] subset = {"upstream-hash-by", "$request_uri", "upstream-hash-by-subset", "true"};
        serve(4, subset);
        assertThat(world.get("/").body()).isNotEqualTo("pod-4");

        world.routes(rules(
                        ingress("web", HOST, "/", "web", subset),
                        ingress("web-canary", HOST, "/", "web-canary", "canary", "true", "canary-weight", "100")))
                .endpoints(service("web-canary"), pods(1));

        assertThat(world.get("/").body()).isEqualTo("pod-4");
    }

    @Test
    void letsACanaryChooseItsOwnWay() {
        world.routes(rules(
                        ingress("web", HOST, "/", "web", "upstream-hash-by", "$request_uri"),
                        ingress("web-canary", HOST, "/", "web-canary", "canary", "true", "canary-weight", "100")))
                .endpoints(service("web"), pods(3))
                .endpoints(service("web-canary"), pods(2));

        assertThat(ask(20, "/")).isEqualTo(Map.of("pod-3", 10, "pod-4", 10));
    }

    @Test
    void x29StaysWithACanaryThatRefusesConnections() {
        List<Endpoint> gone = pods(3);
        pods.forEach(ScriptedUpstream::close);
        world.routes(rules(
                        ingress("web", HOST, "/", "web"),
                        ingress("web-canary", HOST, "/", "web-canary", "canary", "true", "canary-weight", "100")))
                .endpoints(service("web"), pods(1))
                .endpoints(service("web-canary"), gone);

        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(pods.getLast().connections()).isZero();
    }

    @Test
    void l12APairOfHashesDecidesTheSameOnEveryConnection() {
        serve(6, "upstream-hash-by", "$http_x_user");
        Map<String, String> pod = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            for (int user = 0; user < 20; user++) {
                String answer = world.get("/", "X-User: " + user).body();
                assertThat(pod.computeIfAbsent("user" + user, _ -> answer)).isEqualTo(answer);
            }
        }
    }
}
