package dev.linnet.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One end of an HTTP/2 connection, spoken frame by frame: it can say what no honest client would. */
final class Frames implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    private static final int LONGEST = 16_384;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Conversation with;
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final List<Frame> seen = new ArrayList<>();

    /** What came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean endsStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        /** Of RST_STREAM and GOAWAY. */
        Http2Error error() {
            int at = type == GOAWAY ? 4 : 0;
            return Http2Error.valueOf(ByteBuffer.wrap(payload).getInt(at));
        }
    }

    /** What a stream has answered. */
    static final class Answer {
        final List<Map<String, List<String>>> heads = new ArrayList<>();
        final StringBuilder body = new StringBuilder();
        int dataFrames;

        int status() {
            return Integer.parseInt(one(last(), ":status"));
        }

        /** The head that is not interim. */
        Map<String, List<String>> last() {
            return heads.stream()
                    .filter(head -> head.containsKey(":status")
                            && !head.get(":status").getFirst().startsWith("1"))
                    .findFirst()
                    .orElseThrow();
        }

        Map<String, List<String>> trailers() {
            return heads.getLast().containsKey(":status") ? Map.of() : heads.getLast();
        }
    }

    private Frames(Conversation with) {
        this.with = with;
    }

    /** With preface and settings said, and the other's settings acknowledged. */
    static Frames over(Conversation with) {
        return over(with, new byte[0]);
    }

    static Frames over(Conversation with, byte[] settings) {
        Frames frames = new Frames(with);
        with.send(PREFACE);
        frames.send(SETTINGS, 0, 0, settings);
        frames.send(SETTINGS, ACK, 0, new byte[0]);
        return frames;
    }

    /** Where the preface was said already. */
    static Frames spoken(Conversation with) {
        return new Frames(with);
    }

    /** The answering end. */
    static Frames answering(Conversation with, byte[] settings) {
        Frames frames = new Frames(with);
        with.read(PREFACE.length);
        frames.send(SETTINGS, 0, 0, settings);
        return frames;
    }

    static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    Frames send(int type, int flags, int stream, byte[] payload) {
        with.send(frame(type, flags, stream, payload));
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    Frames sendRaw(byte[] bytes) {
        with.send(bytes);
        return this;
    }

    Frames get(int stream, String path, String... fields) {
        return request(stream, "GET", path, true, fields);
    }

    Frames request(int stream, String method, String path, boolean ended, String... fields) {
        List<String> all = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":authority", "app.example.com", ":path", path));
        all.addAll(List.of(fields));
        return fields(stream, ended, all.toArray(String[]::new));
    }

    /** HEADERS with exactly these fields, and CONTINUATION as needed. */
    Frames fields(int stream, boolean ended, String... namesAndValues) {
        byte[] block = encode(namesAndValues);
        int end = ended ? END_STREAM : 0;
        for (int from = 0; from == 0 || from < block.length; from += LONGEST) {
            int to = Math.min(block.length, from + LONGEST);
            int flags = (from == 0 ? end : 0) | (to == block.length ? END_HEADERS : 0);
            send(from == 0 ? HEADERS : CONTINUATION, flags, stream, Arrays.copyOfRange(block, from, to));
        }
        return this;
    }

    byte[] encode(String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf out = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, out);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    Frames data(int stream, String text, boolean ended) {
        return send(DATA, ended ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Frames window(int stream, int more) {
        return send(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
    }

    Frames reset(int stream) {
        return send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array());
    }

    /** The next frame, whatever it is. */
    Frame next() {
        String head = with.read(9);
        int length = head.charAt(0) << 16 | head.charAt(1) << 8 | head.charAt(2);
        int stream = head.charAt(5) << 24 | head.charAt(6) << 16 | head.charAt(7) << 8 | head.charAt(8);
        byte[] payload = with.read(length).getBytes(StandardCharsets.ISO_8859_1);
        Frame frame = new Frame(head.charAt(3), head.charAt(4), stream, payload);
        seen.add(frame);
        return frame;
    }

    /** The next frame of this type; others are passed over. */
    Frame next(int type) {
        Frame frame = next();
        while (frame.type() != type || (type == SETTINGS && (frame.flags() & ACK) != 0)) {
            frame = next();
        }
        return frame;
    }

    Map<String, List<String>> decode(Frame frame) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        try {
            Http2Headers headers = decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
            headers.forEach(field -> fields.computeIfAbsent(field.getKey().toString(), _ -> new ArrayList<>())
                    .add(field.getValue().toString()));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return fields;
    }

    /** The only value of a field. */
    static String one(Map<String, List<String>> fields, String name) {
        return fields.getOrDefault(name, List.of()).getFirst();
    }

    /** All of a stream up to its end. Frames of other streams are passed over, so their fields are not decoded: ask in order. */
    Answer answer(int stream) {
        return Objects.requireNonNull(answers(List.of(stream)).get(stream));
    }

    /** Several streams, however they are interleaved. */
    Map<Integer, Answer> answers(List<Integer> streams) {
        Map<Integer, Answer> answers = new LinkedHashMap<>();
        streams.forEach(stream -> answers.put(stream, new Answer()));
        List<Integer> open = new ArrayList<>(streams);
        while (!open.isEmpty()) {
            Frame frame = next();
            Answer answer = answers.get(frame.stream());
            if (frame.type() == GOAWAY && frame.error() != Http2Error.NO_ERROR) {
                throw new AssertionError("the connection ends: " + frame.error());
            }
            if (frame.type() == HEADERS) {
                Map<String, List<String>> fields = decode(frame);
                if (answer != null) {
                    answer.heads.add(fields);
                }
            }
            if (answer != null && frame.type() == DATA) {
                answer.body.append(frame.text());
                answer.dataFrames++;
            }
            if (answer != null && frame.type() == RST_STREAM) {
                throw new AssertionError("stream " + frame.stream() + " was reset: " + frame.error());
            }
            if (frame.endsStream()) {
                open.remove(Integer.valueOf(frame.stream()));
            }
        }
        return answers;
    }

    /** How the other ends the connection, if it says so. */
    Http2Error goodbye() {
        return next(GOAWAY).error();
    }

    boolean isClosedByPeer() {
        try {
            while (true) {
                next();
            }
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    List<Frame> seen() {
        return seen;
    }

    static byte[] join(List<byte[]> frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Override
    public void close() {
        with.close();
    }
}
