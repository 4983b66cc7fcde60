package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.linnet.manifests.ingress.ConfigMaps;
import dev.linnet.manifests.ingress.GlobalOptionsReader;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.policy.GlobalPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A collector that keeps the spans that it is sent (opentelemetry-proto, {@code trace.proto}). */
final class SpanBook implements AutoCloseable {
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;

    final BlockingQueue<String> raw = new LinkedBlockingQueue<>();
    private final BlockingQueue<Kept> spans = new LinkedBlockingQueue<>();
    private final GrpcEndpoints grpc = new GrpcEndpoints();
    private final ScriptedUpstream server = grpc.serving(this::take);

    /**
     * One span.
     *
     * @param resource of the whole gateway
     * @param parent   empty if it has none
     */
    record Kept(
            Map<String, Object> resource,
            String trace,
            String id,
            String parent,
            String name,
            boolean isOfRequest,
            boolean failed,
            Map<String, Object> attributes) {}

    private void take(Frames with, int stream, Map<String, List<String>> head, String body) {
        raw.add(body);
        try {
            keep(UnknownFieldSet.parseFrom(body.substring(5).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        GrpcEndpoints.answer(with, stream, "");
    }

    private void keep(UnknownFieldSet request) throws InvalidProtocolBufferException {
        for (UnknownFieldSet ofResource : messages(request, 1)) {
            Map<String, Object> resource = attributes(messages(ofResource, 1).getFirst(), 1);
            for (UnknownFieldSet ofScope : messages(ofResource, 2)) {
                for (UnknownFieldSet span : messages(ofScope, 2)) {
                    spans.add(span(resource, span));
                }
            }
        }
    }

    private static Kept span(Map<String, Object> resource, UnknownFieldSet span) throws InvalidProtocolBufferException {
        int kind = number(span, 6);
        assertThat(kind).isIn(SERVER, CLIENT);
        assertThat(span.getField(8).getFixed64List().getFirst())
                .as("end")
                .isGreaterThanOrEqualTo(span.getField(7).getFixed64List().getFirst());
        boolean failed = false;
        for (UnknownFieldSet status : messages(span, 15)) {
            failed = number(status, 3) == ERROR;
        }
        return new Kept(
                resource,
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span.getField(5)),
                kind == SERVER,
                failed,
                attributes(span, 9));
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) throws InvalidProtocolBufferException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        for (ByteString bytes : in.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    private static Map<String, Object> attributes(UnknownFieldSet in, int field) throws InvalidProtocolBufferException {
        Map<String, Object> attributes = new HashMap<>();
        for (UnknownFieldSet pair : messages(in, field)) {
            attributes.put(text(pair.getField(1)), value(messages(pair, 2).getFirst()));
        }
        return attributes;
    }

    private static Object value(UnknownFieldSet value) {
        if (value.hasField(1)) {
            return text(value.getField(1));
        }
        return value.hasField(3)
                ? value.getField(3).getVarintList().getFirst()
                : (Object) Double.longBitsToDouble(
                        value.getField(4).getFixed64List().getFirst());
    }

    private static String text(Field field) {
        return field.getLengthDelimitedList().getFirst().toStringUtf8();
    }

    private static int number(UnknownFieldSet in, int field) {
        List<Long> numbers = in.getField(field).getVarintList();
        return numbers.isEmpty() ? 0 : numbers.getFirst().intValue();
    }

    private static String hex(UnknownFieldSet in, int field) {
        List<ByteString> values = in.getField(field).getLengthDelimitedList();
        return values.isEmpty()
                ? ""
                : HexFormat.of().formatHex(values.getFirst().toByteArray());
    }

    /** What a ConfigMap says that names this collector, and these keys besides. */
    GlobalPolicy policy(String... keys) {
        return policy(server.endpoint().port(), keys);
    }

    static GlobalPolicy policy(int port, String... keys) {
        Map<String, String> data = new HashMap<>(Map.of(
                "enable-opentelemetry", "true",
                "otlp-collector-host", "127.0.0.1",
                "otlp-collector-port", String.valueOf(port),
                "otel-schedule-delay-millis", "10"));
        for (int i = 0; i < keys.length; i += 2) {
            data.put(keys[i], keys[i + 1]);
        }
        GlobalOptionsReader.Reading reading =
                GlobalOptionsReader.read(new ObjectRef("ConfigMap", "ops", "options"), data, ConfigMaps.NONE);
        assertThat(reading.problems()).isEmpty();
        return reading.options().gateway();
    }

    /** The next span that comes. */
    Kept next() {
        try {
            Kept next = spans.poll(Conversation.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no span came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The spans of the next request, which is the last to end: first those of endpoints. */
    List<Kept> nextRequest() {
        List<Kept> request = new ArrayList<>();
        do {
            request.add(next());
        } while (!request.getLast().isOfRequest());
        return request;
    }

    /** How many have come that nobody has looked at. */
    int unseen() {
        return spans.size();
    }

    @Override
    public void close() {
        server.close();
    }
}
