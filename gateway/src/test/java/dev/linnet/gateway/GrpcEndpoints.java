package dev.linnet.gateway;

import static dev.linnet.gateway.Ingresses.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.Upstream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Endpoints that speak gRPC, and calls to them. */
final class GrpcEndpoints {
    static final String[] GRPC = {"content-type", "application/grpc", "te", "trailers"};

    /** Heads of the calls that have reached endpoints. */
    final BlockingQueue<Map<String, List<String>>> calls = new LinkedBlockingQueue<>();

    /** What an endpoint does with one call that has come whole. */
    @FunctionalInterface
    interface Service {
        void call(Frames with, int stream, Map<String, List<String>> head, String body);
    }

    static void answer(Frames with, int stream, String message) {
        with.fields(stream, false, ":status", "200", "content-type", "application/grpc")
                .data(stream, framed(message), false)
                .fields(stream, true, "grpc-status", "0", "grpc-message", "fine");
    }

    static String framed(String message) {
        byte[] head =
                ByteBuffer.allocate(5).put((byte) 0).putInt(message.length()).array();
        return new String(head, java.nio.charset.StandardCharsets.ISO_8859_1) + message;
    }

    ScriptedUpstream serving(Service service) {
        return serving(new byte[0], service);
    }

    ScriptedUpstream serving(byte[] settings, Service service) {
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

    static Rule grpc(Rule rule) {
        return rule.withPolicy(rule.policy().withUpstream(new Upstream(Upstream.Protocol.GRPC, Optional.empty())));
    }

    static World routed(ScriptedUpstream... upstreams) {
        return new World().routes(grpc(World.rule("/"))).serve(World.WEB, upstreams);
    }

    static Frames call(Frames client, int stream, String message) {
        return client.request(stream, "POST", "/pkg.Echo/Say", false, GRPC).data(stream, framed(message), true);
    }

    Map<String, List<String>> nextCall() throws InterruptedException {
        Map<String, List<String>> call = calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call").isNotNull();
        return call;
    }
}
