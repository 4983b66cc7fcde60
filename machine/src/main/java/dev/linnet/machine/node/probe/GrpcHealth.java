package dev.linnet.machine.node.probe;

import static io.netty.handler.codec.http2.Http2Flags.ACK;
import static io.netty.handler.codec.http2.Http2Flags.END_HEADERS;
import static io.netty.handler.codec.http2.Http2Flags.END_STREAM;
import static io.netty.handler.codec.http2.Http2Flags.PADDED;
import static io.netty.handler.codec.http2.Http2Flags.PRIORITY;
import static io.netty.handler.codec.http2.Http2FrameTypes.CONTINUATION;
import static io.netty.handler.codec.http2.Http2FrameTypes.DATA;
import static io.netty.handler.codec.http2.Http2FrameTypes.GO_AWAY;
import static io.netty.handler.codec.http2.Http2FrameTypes.HEADERS;
import static io.netty.handler.codec.http2.Http2FrameTypes.PING;
import static io.netty.handler.codec.http2.Http2FrameTypes.RST_STREAM;
import static io.netty.handler.codec.http2.Http2FrameTypes.SETTINGS;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.node.probe.Prober.Result;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One call of {@code grpc.health.v1.Health/Check} on a connection of its own: just as much of HTTP/2 (RFC 9113) as one small call takes. See gRPC's
 * "GRPC Health Checking Protocol".
 */
final class GrpcHealth {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final int STREAM = 1;
    private static final int LARGEST_FRAME = 16_384;
    private static final int LARGEST_ANSWER = 64 * 1_024;
    private static final int SERVING = 1;
    private static final List<String> STATUSES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");
    private static final String UNIMPLEMENTED = "12";

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private String grpcStatus = "";
    private String grpcMessage = "";
    private boolean endsWithHeaders;

    private GrpcHealth(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * Asks whether a service serves.
     *
     * @param grpc     for whom the socket is
     * @param deadline in terms of System.nanoTime()
     */
    static Result ask(Socket socket, Check.Grpc grpc, long deadline) throws IOException {
        try {
            return new GrpcHealth(socket).ask(grpc, deadline);
        } catch (Http2Exception e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Result ask(Check.Grpc grpc, long deadline) throws IOException, Http2Exception {
        ByteArrayOutputStream call = new ByteArrayOutputStream();
        call.writeBytes(PREFACE.getBytes(UTF_8));
        call.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
        call.writeBytes(frame(HEADERS, END_HEADERS, STREAM, fields(grpc.host() + ":" + grpc.port())));
        call.writeBytes(frame(DATA, END_STREAM, STREAM, request(grpc.service())));
        out.write(call.toByteArray());
        out.flush();
        do {
            // A server that always has something else to say must not outlive the deadline either.
            socket.setSoTimeout(Prober.millisUntil(deadline));
            if (message.size() + block.size() > LARGEST_ANSWER) {
                throw new IOException("the answer is too long");
            }
        } while (!readFrame());
        return result();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Without a table and without Huffman's code, which HPACK (RFC 7541, 6.2.2) leaves to whoever writes. */
    private static byte[] fields(String authority) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        for (List<String> field : List.of(
                List.of(":method", "POST"),
                List.of(":scheme", "http"),
                List.of(":path", PATH),
                List.of(":authority", authority),
                List.of("content-type", "application/grpc"),
                List.of("te", "trailers"),
                List.of("user-agent", Prober.USER_AGENT))) {
            fields.write(0);
            field.forEach(text -> {
                byte[] bytes = text.getBytes(UTF_8);
                fields.write(bytes.length);
                fields.writeBytes(bytes);
            });
        }
        return fields.toByteArray();
    }

    /** A message of gRPC around a message of protobuf with one text. */
    private static byte[] request(String service) {
        byte[] name = service.getBytes(UTF_8);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (name.length > 0) {
            content.write(0x0a);
            for (int rest = name.length; ; rest >>>= 7) {
                content.write(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
                if (rest < 0x80) {
                    break;
                }
            }
            content.writeBytes(name);
        }
        return ByteBuffer.allocate(5 + content.size())
                .put((byte) 0)
                .putInt(content.size())
                .put(content.toByteArray())
                .array();
    }

    /** Whether that was the end of the answer. */
    private boolean readFrame() throws IOException, Http2Exception {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        if (length > LARGEST_FRAME) {
            throw new IOException("malformed HTTP/2 frame");
        }
        byte[] payload = in.readNBytes(length);
        switch (type) {
            case SETTINGS, PING -> acknowledge(type, flags, payload);
            case GO_AWAY -> throw new IOException("the server closes the connection");
            default -> {}
        }
        return stream == STREAM && readOfStream(type, flags, payload);
    }

    private void acknowledge(int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            out.write(frame(type, ACK, 0, type == PING ? payload : new byte[0]));
            out.flush();
        }
    }

    private boolean readOfStream(int type, int flags, byte[] payload) throws IOException, Http2Exception {
        switch (type) {
            case DATA -> message.writeBytes(unpadded(payload, flags, 0));
            case HEADERS -> {
                block.writeBytes(unpadded(payload, flags, (flags & PRIORITY) == 0 ? 0 : 5));
                endsWithHeaders = (flags & END_STREAM) != 0;
            }
            case CONTINUATION -> block.writeBytes(payload);
            case RST_STREAM -> throw new IOException("the server resets the call");
            default -> {}
        }
        if (type == HEADERS || type == CONTINUATION) {
            if ((flags & END_HEADERS) == 0) {
                return false;
            }
            readFields();
            return endsWithHeaders;
        }
        return type == DATA && (flags & END_STREAM) != 0;
    }

    private static byte[] unpadded(byte[] payload, int flags, int before) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(payload);
        int padding = (flags & PADDED) != 0 && rest.hasRemaining() ? rest.get() & 0xff : 0;
        if (rest.remaining() < before + padding) {
            throw new IOException("malformed HTTP/2 frame");
        }
        byte[] content = new byte[rest.remaining() - before - padding];
        rest.position(rest.position() + before).get(content);
        return content;
    }

    private void readFields() throws Http2Exception, IOException {
        Http2Headers fields = decoder.decodeHeaders(STREAM, Unpooled.wrappedBuffer(block.toByteArray()));
        block.reset();
        CharSequence http = fields.status();
        if (http != null && !http.toString().equals("200")) {
            throw new IOException("unexpected HTTP status code received from server: " + http);
        }
        grpcStatus = text(fields, "grpc-status", grpcStatus);
        grpcMessage = text(fields, "grpc-message", grpcMessage);
    }

    private static String text(Http2Headers fields, String name, String otherwise) {
        CharSequence value = fields.get(name);
        return value == null ? otherwise : value.toString();
    }

    private Result result() {
        if (grpcStatus.equals(UNIMPLEMENTED)) {
            return Result.failed(
                    "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
                            + grpcMessage);
        }
        if (!grpcStatus.equals("0")) {
            return Result.failed("error: health rpc failed: rpc error: code = "
                    + (grpcStatus.isEmpty() ? "2" : grpcStatus) + " desc = " + grpcMessage);
        }
        int status = status(message.toByteArray());
        return status == SERVING
                ? Result.OK
                : Result.failed("service unhealthy (responded with \"%s\")"
                        .formatted(status < STATUSES.size() ? STATUSES.get(status) : Integer.toString(status)));
    }

    /** The one field of the answer; 0, as what is not said is. */
    private static int status(byte[] answer) {
        return answer.length >= 7 && answer[5] == 0x08 ? answer[6] & 0x7f : 0;
    }
}
