package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.INFRA;
import static dev.linnet.gateway.Conformance.RESOLVED;
import static dev.linnet.gateway.Conformance.V1;
import static dev.linnet.gateway.Conformance.route;
import static dev.linnet.gateway.Conformance.sameNamespace;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.ServiceRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The official conformance tests of HTTPRoutes' timeouts and retries, under their names (spec of Istio, §6.12.1), through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpRouteRetryConformanceTest {
    private final Conformance shop = new Conformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    private String get(String path, String... headers) {
        return shop.get("example.com", path, headers);
    }

    @Test
    @DisplayName("HTTPRouteTimeoutRequest, HTTPRouteTimeoutBackendRequest")
    void timeouts() {
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().isClosedByPeer();
        });
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), silent);
        shop.serves("- {matches: [{path: {value: /request}}], timeouts: {request: 500ms}, " + to("aside") + "}\n"
                + "- {matches: [{path: {value: /backend}}], timeouts: {backendRequest: 500ms}, " + to("aside") + "}\n"
                + "- {matches: [{path: {value: /disabled}}], timeouts: {request: 0s}, " + to("v1") + "}\n");

        for (String path : List.of("/request", "/backend")) {
            try (Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: example.com\r\n\r\n");
                assertThat(silent.nextHead()).contains(path);
                shop.world.clock.advance(Duration.ofMillis(600));
                assertThat(client.readResponse().status()).isEqualTo(504);
            }
        }
        assertThat(get("/disabled")).isEqualTo(V1);
    }

    @Test
    @DisplayName("HTTPRouteRetry")
    void retry() {
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), failing());
        shop.serves(retrying("/500", "codes: [500], attempts: 3")
                + retrying("/all", "codes: [500, 502, 503, 504], attempts: 2")
                + retrying("/never", "codes: [500], attempts: 0"));

        assertThat(get("/500?fail=2&code=500")).isEqualTo("infra-backend-v3");
        assertThat(get("/500?fail=4&code=500")).isEqualTo("500");
        assertThat(get("/500?fail=2&code=503")).isEqualTo("503");
        assertThat(get("/never?fail=1&code=500")).isEqualTo("500");
        for (int code : new int[] {500, 502, 503, 504}) {
            assertThat(get("/all?fail=1&code=" + code)).isEqualTo("infra-backend-v3");
            assertThat(get("/all?fail=3&code=" + code)).isEqualTo(String.valueOf(code));
        }
    }

    @Test
    @DisplayName("HTTPRouteRetryConnectionError")
    void retryConnectionError() {
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), failing());
        shop.serves(retrying("/", "attempts: 3"));

        assertThat(get("/?fail=4")).isEqualTo("503");
        assertThat(get("/?fail=2")).isEqualTo("infra-backend-v3");
    }

    @Test
    @DisplayName("HTTPRouteRetryWithTimeouts")
    void retryWithTimeouts() {
        ScriptedUpstream slow = ScriptedUpstream.playing((turn, number) -> {
            turn.hear();
            if (number == 3) {
                turn.say(ScriptedUpstream.ok("infra-backend-v3"));
            }
            turn.with().isClosedByPeer();
        });
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), slow);
        shop.serves(retrying("/", "attempts: 2}, timeouts: {backendRequest: 200ms"));
        try (Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
            client.send("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
            for (int failure = 0; failure < 2; failure++) {
                slow.nextHead();
                shop.world.clock.advance(Duration.ofMillis(400));
            }
            assertThat(Conformance.who(client.readResponse())).isEqualTo("infra-backend-v3");
        }

        AtomicInteger asked = new AtomicInteger();
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), ScriptedUpstream.answering(_ -> {
            asked.incrementAndGet();
            shop.world.clock.advance(Duration.ofMillis(100));
            return "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n";
        }));
        shop.serves(retrying("/", "codes: [500], attempts: 5}, timeouts: {backendRequest: 200ms, request: 400ms"));
        assertThat(get("/")).isEqualTo("504");
        assertThat(asked).hasValue(4);
    }

    @Test
    void givesAllAttemptsTogetherTheTimeOfTheRequest() {
        ScriptedUpstream slow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().isClosedByPeer();
        });
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), slow);
        shop.serves(retrying("/", "attempts: 5}, timeouts: {backendRequest: 10s, request: 15s"));
        try (Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
            client.send("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
            slow.nextHead();
            shop.world.clock.advance(Duration.ofSeconds(11));
            slow.nextHead();
            shop.world.clock.advance(Duration.ofSeconds(5)); // less than an attempt has, and all that is left

            assertThat(client.readResponse().status()).isEqualTo(504);
            assertThat(slow.unseenHeads()).isZero();
        }
    }

    @Test
    void waitsForTheBackoffBeforeItAsksAgainAndLongerBeforeItAsksOnceMore() {
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), failing());
        shop.serves(retrying("/", "codes: [418], backoff: 50ms, attempts: 3"));
        long before = System.nanoTime();

        assertThat(get("/?fail=2&code=418")).isEqualTo("infra-backend-v3");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        assertThat(get("/?fail=9&code=418")).isEqualTo("418");
    }

    @Test
    void asksNobodyAgainForWhomTheBackoffLeavesNoTime() {
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), failing());
        shop.serves(retrying("/", "codes: [500], backoff: 10m}, timeouts: {request: 1m"));

        assertThat(get("/?fail=1&code=500")).isEqualTo("500");
    }

    @Test
    void asksNobodyAgainForAClientThatLeavesDuringTheBackoff() {
        ScriptedUpstream failing = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n");
            turn.with().isClosedByPeer();
        });
        shop.world.serve(new ServiceRef(INFRA, "infra-backend-aside", "8080"), failing);
        shop.serves(retrying("/", "codes: [500], backoff: 10m"));
        try (Conversation client = Conversation.with(shop.world.gateway.httpAddress())) {
            client.send("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
            failing.nextHead();

            client.reset();

            await().until(() -> shop.world.failures("client_abort") == 1);
        }
        assertThat(failing.unseenHeads()).isZero();
    }

    @Test
    void doesNotServeRetriesThatItWouldObeyByHalf() {
        for (String half : List.of("codes: [302]", "codes: [500], backoff: soon")) {
            shop.obeys(sameNamespace(), route("r", "rules:\n" + retrying("/", half)));
            assertThat(shop.routeConditions(INFRA, "r"))
                    .as(half)
                    .containsExactly("Accepted False UnsupportedValue", RESOLVED);
        }
    }

    private static String retrying(String path, String retry) {
        return "- {matches: [{path: {value: " + path + "}}], retry: {" + retry + "}, " + to("aside") + "}\n";
    }

    /** Fails as often as the target of a request says, with the status that it says, or without an answer. */
    private static ScriptedUpstream failing() {
        Map<String, Integer> asked = new ConcurrentHashMap<>();
        return ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                String target = turn.hear().split(" ", 3)[1];
                int failures = Integer.parseInt(target.replaceFirst(".*fail=([0-9]+).*", "$1"));
                if (asked.merge(target, 1, Integer::sum) > failures) {
                    turn.say(ScriptedUpstream.ok("infra-backend-v3"));
                } else if (target.contains("code=")) {
                    turn.say("HTTP/1.1 " + target.replaceFirst(".*code=", "") + " X\r\nContent-Length: 0\r\n\r\n");
                } else {
                    return;
                }
            }
        });
    }
}
