package dev.linnet.gateway;

import static dev.linnet.gateway.GrpcEndpoints.answer;
import static dev.linnet.gateway.GrpcEndpoints.call;
import static dev.linnet.gateway.GrpcEndpoints.framed;
import static dev.linnet.gateway.GrpcEndpoints.grpc;
import static dev.linnet.gateway.GrpcEndpoints.routed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.Rule;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls that an endpoint refuses, answers badly or not at all, or that the client gives up. */
class GrpcFailureTest {
    private final GrpcEndpoints endpoints = new GrpcEndpoints();

    @Test
    void grpc3SlowCallFailsWithTheReadTimeoutOnClearText() {
        ScriptedUpstream upstream = endpoints.serving((with, stream, head, body) -> {
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
            await().until(() -> endpoints.calls.size() == 2);
            world.clock.advance(Duration.ofSeconds(11));

            assertThat(client.answer(3).status()).isEqualTo(504);
        }
    }

    @Test
    void callThatTheClientGivesUpIsResetAtTheEndpoint() {
        BlockingQueue<Http2Error> resets = new LinkedBlockingQueue<>();
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            Frames with = Frames.answering(turn.with(), new byte[0]);
            with.decode(with.next(Frames.HEADERS));
            endpoints.calls.add(Map.of());
            resets.add(with.next(Frames.RST_STREAM).error());
            Frames.Frame head = with.next(Frames.HEADERS);
            with.decode(head);
            answer(with, head.stream(), "next");
            turn.with().readToEnd();
        });
        try (World world = routed(upstream)) {
            Frames client = Frames.over(world.client());
            call(client, 1, "x");
            await().until(() -> !endpoints.calls.isEmpty());

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
        ScriptedUpstream upstream = endpoints.serving((with, stream, _, body) -> {
            if (refusals.getAndIncrement() == 0) {
                with.send(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 7});
            } else {
                answer(with, stream, body.substring(5));
            }
        });
        try (World world = routed(upstream)) {
            assertThat(call(Frames.over(world.client()), 1, "again").answer(1).body)
                    .hasToString(framed("again"));
            assertThat(endpoints.calls).hasSize(2);
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
        ScriptedUpstream upstream = endpoints.serving(
                (with, stream, _, _) -> with.send(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 2}));
        try (World world = routed(upstream)) {
            assertThat(call(Frames.over(world.client()), 1, "x").answer(1).status())
                    .isEqualTo(502);
            assertThat(endpoints.calls).hasSize(1);
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
            ScriptedUpstream upstream = endpoints.serving((with, stream, _, _) -> with.fields(stream, true, fields));
            try (World world = routed(upstream)) {
                assertThat(call(Frames.over(world.client()), 1, "x").answer(1).status())
                        .as(List.of(fields).toString())
                        .isEqualTo(502);
            }
        }
    }

    @Test
    void lessThanAnnouncedIsNotTakenForTheWhole() {
        ScriptedUpstream upstream = endpoints.serving(
                (with, stream, _, _) -> with.fields(stream, false, ":status", "200", "content-length", "10")
                        .data(stream, "half", true));
        try (World world = routed(upstream)) {
            Frames client = call(Frames.over(world.client()), 1, "x");

            assertThat(client.next(Frames.RST_STREAM).error()).isEqualTo(Http2Error.INTERNAL_ERROR);
        }
    }
}
