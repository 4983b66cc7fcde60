package dev.linnet.gateway;

import static dev.linnet.gateway.GrpcEndpoints.GRPC;
import static dev.linnet.gateway.GrpcEndpoints.answer;
import static dev.linnet.gateway.GrpcEndpoints.call;
import static dev.linnet.gateway.GrpcEndpoints.framed;
import static dev.linnet.gateway.GrpcEndpoints.grpc;
import static dev.linnet.gateway.GrpcEndpoints.routed;
import static dev.linnet.gateway.Ingresses.ingress;
import static dev.linnet.gateway.Ingresses.rules;
import static dev.linnet.gateway.Ingresses.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code backend-protocol: GRPC}: HTTP/2 to the endpoints, one exchange for each call. */
class GrpcTest {
    private final GrpcEndpoints endpoints = new GrpcEndpoints();

    @Test
    void grpc1UnaryCallReachesTheEndpointAsHttp2() throws Exception {
        ScriptedUpstream upstream =
                endpoints.serving((with, stream, _, body) -> answer(with, stream, body.substring(5)));
        try (World world = routed(upstream)) {
            Frames.Answer answer = call(Frames.over(world.client()), 1, "hello").answer(1);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body).hasToString(framed("hello"));
            assertThat(answer.last()).containsEntry("content-type", List.of("application/grpc"));
            assertThat(answer.trailers())
                    .containsEntry("grpc-status", List.of("0"))
                    .containsEntry("grpc-message", List.of("fine"));
            assertThat(endpoints.nextCall())
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
    void callsOfOneConnectionAreDecidedEachForItself() {
        ScriptedUpstream primary = endpoints.serving((with, stream, _, _) -> answer(with, stream, "primary"));
        ScriptedUpstream canary = endpoints.serving((with, stream, _, _) -> answer(with, stream, "canary"));
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
        ScriptedUpstream upstream =
                endpoints.serving((with, stream, _, body) -> answer(with, stream, body.substring(5)));
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
        ScriptedUpstream upstream = endpoints.serving(Frames.setting(3, 2), (with, stream, _, body) -> {
            if (endpoints.calls.size() == 6) {
                answer(with, stream, body.substring(5)); // all six are under way at once
            }
        });
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client());
            for (int i = 0; i < 6; i++) {
                call(client, 2 * i + 1, "m");
            }

            await().until(() -> endpoints.calls.size() == 6);
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
        ScriptedUpstream upstream = endpoints.serving((with, stream, _, _) ->
                with.fields(stream, true, ":status", "200", "content-type", "application/grpc", "grpc-status", "12"));
        try (World world = routed(upstream)) {
            Frames.Answer answer = call(Frames.over(world.client()), 1, "x").answer(1);

            assertThat(answer.heads).hasSize(1);
            assertThat(answer.dataFrames).isZero();
            assertThat(answer.last()).containsEntry("grpc-status", List.of("12"));
        }
    }

    @Test
    void http11ClientIsAnsweredInChunksWithTrailers() {
        ScriptedUpstream upstream = endpoints.serving((with, stream, _, body) -> answer(with, stream, body));
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
        ScriptedUpstream upstream =
                endpoints.serving((with, stream, _, body) -> answer(with, stream, body.substring(5)));
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
            assertThat(endpoints.nextCall()).containsEntry("authorization", List.of("foo"));
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
