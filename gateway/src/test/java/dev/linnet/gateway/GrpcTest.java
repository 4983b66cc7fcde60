package dev.linnet.gateway;

import static dev.linnet.gateway.Ingresses.ingress;
import static dev.linnet.gateway.Ingresses.rules;
import static dev.linnet.gateway.Ingresses.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.Upstream;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code backend-protocol: GRPC}: HTTP/2 to the endpoints, one exchange for each call. */
class GrpcTest {
    private static final String[] GRPC = {"content-type", "application/grpc", "te", "trailers"};

    private final BlockingQueue<Map<String, List<String>>> calls = new LinkedBlockingQueue<>();

    /** What an endpoint does with one call that has come whole. */
    @FunctionalInterface
    private interface Service {
        void call(Frames with, int stream, Map<String, List<String>> head, String body);
    }

    private static void answer(Frames with, int stream, String message) {
        with.fields(stream, false, ":status", "200", "content-type", "application/grpc")
                .data(stream, framed(message), false)
                .fields(stream, true, "grpc-status", "0", "grpc-message", "fine");
    }

    private static String framed(String message) {
        byte[] head =
                ByteBuffer.allocate(5).put((byte) 0).putInt(message.length()).array();
        return new String(head, java.nio.charset.StandardCharsets.ISO_8859_1) + message;
    }

    private ScriptedUpstream serving(Service service) {
        return serving(new byte[0], service);
    }

    private ScriptedUpstream serving(byte[] settings, Service service) {
        return ScriptedUpstream.playing((turn, _) -> {
            Frames with = Frames.answering(turn.with(), settings);
            Map<Integer, Map<String, List<String>>> heads = new java.util.HashMap<>();
            Map<Integer, StringBuilder> bodies = new java.util.HashMap<>();
            while (true) {
                Frames.Frame frame = with.next();
                if (frame.type() == Frames.HEADERS && !heads.containsKey(frame.stream())) {
                    Map<String, List<String>> head = with.decode(frame);
                    heads.put(frame.stream(), head);
                    calls.add(head);
                } else if (frame.type() == Frames.HEADERS) {
                    with.decode(frame);
                } else if (frame.type() == Frames.DATA) {
                    bodies.computeIfAbsent(frame.stream(), _ -> new StringBuilder())
                            .append(frame.text());
                }
                if (frame.endsStream()) {
                    String body = bodies.getOrDefault(frame.stream(), new StringBuilder())
                            .toString();
                    service.call(with, frame.stream(), Objects.requireNonNull(heads.get(frame.stream())), body);
                }
            }
        });
    }

    private static Rule grpc(Rule rule) {
        return rule.withPolicy(rule.policy().withUpstream(new Upstream(Upstream.Protocol.GRPC, Optional.empty())));
    }

    private static World routed(ScriptedUpstream... upstreams) {
        return new World().routes(grpc(World.rule("/"))).serve(World.WEB, upstreams);
    }

    private static Frames call(Frames client, int stream, String message) {
        return client.request(stream, "POST", "/pkg.Echo/Say", false, GRPC).data(stream, framed(message), true);
    }

    private Map<String, List<String>> nextCall() throws InterruptedException {
        Map<String, List<String>> call = calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call").isNotNull();
        return call;
    }

    @Test
    void grpc1UnaryCallReachesTheEndpointAsHttp2() throws Exception {
        ScriptedUpstream upstream = serving((with, stream, _, body) -> answer(with, stream, body.substring(5)));
        try (World world = routed(upstream)) {
            Frames.Answer answer = call(Frames.over(world.client()), 1, "hello").answer(1);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body).hasToString(framed("hello"));
            assertThat(answer.last()).containsEntry("content-type", List.of("application/grpc"));
            assertThat(answer.trailers())
                    .containsEntry("grpc-status", List.of("0"))
                    .containsEntry("grpc-message", List.of("fine"));
            assertThat(nextCall())
                    .containsEntry(":method", List.of("POST"))
                    .containsEntry(":path", List.of("/pkg.Echo/Say"))
                    .containsEntry(":scheme", List.of("http"))
                    .containsEntry(":authority", List.of("app.example.com"))
                    .containsEntry("content-type", List.of("application/grpc"))
                    .containsEntry("te", List.of("trailers"))
                    .containsKey("x-request-id")
                    .doesNotContainKeys("transfer-encoding", "connection", "host");
        }
    }

    @Test
    void grpc3SlowCallFailsWithTheReadTimeoutOnClearText() {
        ScriptedUpstream upstream = serving((with, stream, head, body) -> {
            if (!head.containsKey("slow")) {
                answer(with, stream, body.substring(5));
            }
        });
        Rule.Limits limits = new Rule.Limits(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), 3);
        try (World world = new World().routes(grpc(World.rule(limits))).serve(World.WEB, upstream)) {
            Frames client = Frames.over(world.client());
            assertThat(call(client, 1, "fast").answer(1).body).hasToString(framed("fast"));

            client.request(3, "POST", "/pkg.Echo/Say", false, "content-type", "application/grpc", "slow", "1")
                    .data(3, framed("x"), true);
            await().until(() -> calls.size() == 2);
            world.clock.advance(Duration.ofSeconds(11));

            assertThat(client.answer(3).status()).isEqualTo(504);
        }
    }

    @Test
    void callsOfOneConnectionAreDecidedEachForItself() {
        ScriptedUpstream primary = serving((with, stream, _, _) -> answer(with, stream, "primary"));
        ScriptedUpstream canary = serving((with, stream, _, _) -> answer(with, stream, "canary"));
        try (World world = new World()
                .routes(grpc(World.rule("/", Canaries.header("x-canary", 0))))
                .serve(World.WEB, primary)
                .serve(World.CANARY, canary)) {
            Frames client = Frames.over(world.client());

            List<String> met = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int stream = 2 * i + 1;
                client.request(
                                stream,
                                "POST",
                                "/pkg.Echo/Say",
                                false,
                                "content-type",
                                "application/grpc",
                                "x-canary",
                                i % 2 == 0 ? "always" : "never")
                        .data(stream, framed("x"), true);
                met.add(client.answer(stream).body.substring(5));
            }

            assertThat(met)
                    .containsExactly(IntStream.range(0, 10)
                            .mapToObj(i -> i % 2 == 0 ? "canary" : "primary")
                            .toArray(String[]::new));
        }
    }

    @Test
    void manyCallsShareOneConnection() {
        ScriptedUpstream upstream = serving((with, stream, _, body) -> answer(with, stream, body.substring(5)));
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client());
            List<Integer> streams =
                    IntStream.range(0, 100).map(i -> 2 * i + 1).boxed().toList();

            streams.forEach(stream -> call(client, stream, "m" + stream));

            client.answers(streams)
                    .forEach((stream, answer) -> assertThat(answer.body).hasToString(framed("m" + stream)));
            assertThat(upstream.connections()).isOne();
        }
    }

    @Test
    void endpointThatAllowsFewStreamsGetsMoreConnections() {
        ScriptedUpstream upstream = serving(Frames.setting(3, 2), (with, stream, _, body) -> {
            if (calls.size() == 6) {
                answer(with, stream, body.substring(5)); // all six are under way at once
            }
        });
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client());
            for (int i = 0; i < 6; i++) {
                call(client, 2 * i + 1, "m");
            }

            await().until(() -> calls.size() == 6);
            assertThat(upstream.connections()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void messagesStreamBothWays() {
        CountDownLatch second = new CountDownLatch(1);
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            Frames with = Frames.answering(turn.with(), new byte[0]);
            Frames.Frame head = with.next(Frames.HEADERS);
            with.decode(head);
            String first = with.next(Frames.DATA).text();
            with.fields(head.stream(), false, ":status", "200", "content-type", "application/grpc");
            with.data(head.stream(), "echo " + first, false);
            String more = with.next(Frames.DATA).text();
            with.data(head.stream(), "echo " + more, false);
            second.countDown();
            with.next(Frames.DATA);
            with.fields(head.stream(), true, "grpc-status", "0");
            turn.with().readToEnd();
        });
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client()).request(1, "POST", "/pkg.Echo/Chat", false, GRPC);

            client.data(1, "one", false);
            assertThat(client.next(Frames.DATA).text()).isEqualTo("echo one");
            client.data(1, "two", false);
            assertThat(client.next(Frames.DATA).text()).isEqualTo("echo two");
            client.data(1, "", true);

            Frames.Frame end = client.next(Frames.HEADERS);
            assertThat(end.endsStream()).isTrue();
        }
    }

    @Test
    void answerOfTrailersOnlyStaysOne() {
        ScriptedUpstream upstream = serving((with, stream, _, _) ->
                with.fields(stream, true, ":status", "200", "content-type", "application/grpc", "grpc-status", "12"));
        try (World world = routed(upstream)) {
            Frames.Answer answer = call(Frames.over(world.client()), 1, "x").answer(1);

            assertThat(answer.heads).hasSize(1);
            assertThat(answer.dataFrames).isZero();
            assertThat(answer.last()).containsEntry("grpc-status", List.of("12"));
        }
    }

    @Test
    void callThatTheClientGivesUpIsResetAtTheEndpoint() {
        BlockingQueue<Http2Error> resets = new LinkedBlockingQueue<>();
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            Frames with = Frames.answering(turn.with(), new byte[0]);
            with.decode(with.next(Frames.HEADERS));
            calls.add(Map.of());
            resets.add(with.next(Frames.RST_STREAM).error());
            Frames.Frame head = with.next(Frames.HEADERS);
            with.decode(head);
            answer(with, head.stream(), "next");
            turn.with().readToEnd();
        });
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client());
            call(client, 1, "x");
            await().until(() -> !calls.isEmpty());

            client.reset(1);

            await().until(() -> !resets.isEmpty());
            assertThat(resets).containsExactly(Http2Error.CANCEL);
            assertThat(call(client, 3, "y").answer(3).body)
                    .as("the connection is still good")
                    .hasToString(framed("next"));
            assertThat(upstream.connections()).isOne();
            assertThat(world.failures("client_abort")).isOne();
        }
    }

    @Test
    void refusedCallIsSentAgain() {
        AtomicInteger refusals = new AtomicInteger();
        ScriptedUpstream upstream = serving((with, stream, _, body) -> {
            if (refusals.getAndIncrement() == 0) {
                with.send(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 7});
            } else {
                answer(with, stream, body.substring(5));
            }
        });
        try (World world = routed(upstream)) {
            assertThat(call(Frames.over(world.client()), 1, "again").answer(1).body)
                    .hasToString(framed("again"));
            assertThat(calls).hasSize(2);
        }
    }

    @Test
    void callBehindGoawayIsSentAgainOnAnotherConnection() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, number) -> {
            Frames with = Frames.answering(turn.with(), new byte[0]);
            Frames.Frame head = with.next(Frames.HEADERS);
            with.decode(head);
            if (number == 1) {
                with.next(Frames.DATA);
                with.send(Frames.GOAWAY, 0, 0, new byte[8]); // none was looked at
            } else {
                answer(with, head.stream(), "second");
            }
            turn.with().readToEnd();
        });
        try (World world = routed(upstream)) {
            assertThat(call(Frames.over(world.client()), 1, "x").answer(1).body).hasToString(framed("second"));
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void callThatMayHaveBeenLookedAtIsNotSentAgain() {
        ScriptedUpstream upstream =
                serving((with, stream, _, _) -> with.send(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 2}));
        try (World world = routed(upstream)) {
            assertThat(call(Frames.over(world.client()), 1, "x").answer(1).status())
                    .isEqualTo(502);
            assertThat(calls).hasSize(1);
        }
    }

    @Test
    void endpointThatDoesNotAcceptIsA502() throws Exception {
        ScriptedUpstream gone = ScriptedUpstream.saying("");
        gone.close();
        try (World world = routed(gone)) {
            assertThat(call(Frames.over(world.client()), 1, "x").answer(1).status())
                    .isEqualTo(502);
        }
    }

    @Test
    void endpointThatSpeaksHttp11IsA502() {
        ScriptedUpstream plain = ScriptedUpstream.playing((turn, _) -> {
            turn.with().read(24);
            turn.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        });
        try (World world = routed(plain)) {
            assertThat(call(Frames.over(world.client()), 1, "x").answer(1).status())
                    .isEqualTo(502);
        }
    }

    @Test
    void malformedAnswersAreA502() {
        for (String[] fields : List.of(
                new String[] {":status", "abc"},
                new String[] {":status", "101"},
                new String[] {"content-type", "x"},
                new String[] {":status", "200", "X-Cased", "1"},
                new String[] {":status", "200", "a", "1\r\nset-cookie: x"},
                new String[] {":status", "200", "transfer-encoding", "chunked"},
                new String[] {":status", "200", ":path", "/"})) {
            ScriptedUpstream upstream = serving((with, stream, _, _) -> with.fields(stream, true, fields));
            try (World world = routed(upstream)) {
                assertThat(call(Frames.over(world.client()), 1, "x").answer(1).status())
                        .as(List.of(fields).toString())
                        .isEqualTo(502);
            }
        }
    }

    @Test
    void lessThanAnnouncedIsNotTakenForTheWhole() {
        ScriptedUpstream upstream =
                serving((with, stream, _, _) -> with.fields(stream, false, ":status", "200", "content-length", "10")
                        .data(stream, "half", true));
        try (World world = routed(upstream)) {
            Frames client = call(Frames.over(world.client()), 1, "x");

            assertThat(client.next(Frames.RST_STREAM).error()).isEqualTo(Http2Error.INTERNAL_ERROR);
        }
    }

    @Test
    void http11ClientIsAnsweredInChunksWithTrailers() {
        ScriptedUpstream upstream = serving((with, stream, _, body) -> answer(with, stream, body));
        try (World world = routed(upstream)) {
            Conversation client = world.client()
                    .send("POST /pkg.Echo/Say HTTP/1.1\r\nHost: app.example.com\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(client.readHead()).contains("200").containsIgnoringCase("transfer-encoding: chunked\r\n");
            assertThat(client.readChunked()).endsWith("abc\r\n0\r\ngrpc-status: 0\r\ngrpc-message: fine\r\n\r\n");
        }
    }

    @Test
    void bigMessagesPassBothWays() {
        String big = "b".repeat(2_000_000);
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            Frames with = Frames.answering(turn.with(), Frames.setting(4, 10_000_000));
            with.window(0, 10_000_000);
            Frames.Frame head = with.next(Frames.HEADERS);
            with.decode(head);
            int length = 0;
            Frames.Frame frame;
            do {
                frame = with.next(Frames.DATA);
                length += frame.payload().length;
            } while (!frame.endsStream());
            with.fields(head.stream(), false, ":status", "200", "content-type", "application/grpc");
            with.data(head.stream(), "" + length, false);
            with.fields(head.stream(), true, "grpc-status", "0");
            turn.with().readToEnd();
        });
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client());
            client.next(Frames.SETTINGS);
            client.request(1, "POST", "/pkg.Echo/Say", false, GRPC);
            int window = 128 * 1024;
            for (int sent = 0; sent < big.length(); ) {
                int piece = Math.min(16_000, big.length() - sent);
                while (window < piece) {
                    Frames.Frame frame = client.next(Frames.WINDOW_UPDATE);
                    window += frame.stream() == 1
                            ? ByteBuffer.wrap(frame.payload()).getInt()
                            : 0;
                }
                client.data(1, big.substring(sent, sent + piece), sent + piece == big.length());
                sent += piece;
                window -= piece;
            }
            assertThat(client.answer(1).body).hasToString("" + big.length());
        }
    }

    @Test
    void grpc2TheEndpointGetsWhatTheOneWhoGivesLeaveSays() throws Exception {
        ScriptedUpstream upstream = serving((with, stream, _, body) -> answer(with, stream, body.substring(5)));
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nAuthorization: foo\r\nContent-Length: 0\r\n\r\n");
        try (World world = new World()) {
            world.routes(rules(ingress(
                            "grpc",
                            "app.example.com",
                            "/",
                            "web",
                            "backend-protocol",
                            "GRPC",
                            "auth-url",
                            "http://auth.default.svc.cluster.local/check",
                            "auth-response-headers",
                            "Authorization")))
                    .serve(service("web"), upstream)
                    .serve(service("auth"), gatekeeper);

            Frames client = Frames.over(world.client());
            client.request(
                            1,
                            "POST",
                            "/pkg.Echo/Say",
                            false,
                            "content-type",
                            "application/grpc",
                            "authorization",
                            "bar")
                    .data(1, framed("hello"), true);

            assertThat(client.answer(1).trailers()).containsEntry("grpc-status", List.of("0"));
            assertThat(nextCall()).containsEntry("authorization", List.of("foo"));
        }
    }

    @Test
    void idleConnectionToAnEndpointIsClosed() {
        CountDownLatch closed = new CountDownLatch(1);
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            Frames with = Frames.answering(turn.with(), new byte[0]);
            Frames.Frame head = with.next(Frames.HEADERS);
            with.decode(head);
            answer(with, head.stream(), "x");
            with.next(Frames.GOAWAY);
            closed.countDown();
        });
        try (World world = routed(upstream)) {
            call(Frames.over(world.client()), 1, "x").answer(1);

            world.clock.advance(Duration.ofSeconds(61));

            await().until(() -> closed.getCount() == 0);
        }
    }
}
