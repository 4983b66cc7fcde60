package dev.linnet.machine.node.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Probes of gRPC's health service, answered as servers do: settings and pings in between, compressed fields, trailers. */
@Timeout(10)
class GrpcHealthTest {
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final int END_HEADERS = 4;
    private static final int END_BOTH = 5;

    private final InetAddress pod = InetAddress.ofLiteral("127.0.0.2");
    private final Prober prober = new Prober(InetAddress.ofLiteral("127.0.0.3"));
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final CompletableFuture<byte[]> asked = new CompletableFuture<>();
    private final ServerSocket server = open();

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private ServerSocket open() {
        try {
            return new ServerSocket(0, 1, pod);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Prober.Result ask(String service, Duration timeout) {
        return prober.ask(new Check.Grpc("127.0.0.2", server.getLocalPort(), service), timeout);
    }

    private interface Answer {
        void write(OutputStream out) throws Exception;
    }

    private void answer(Answer answer) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                assertThat(new String(in.readNBytes(24), US_ASCII)).isEqualTo("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                asked.complete(call(in));
                answer.write(socket.getOutputStream());
                socket.getOutputStream().flush();
                // Until the prober has heard enough.
                socket.getInputStream().readAllBytes();
            } catch (Throwable e) {
                asked.completeExceptionally(e);
            }
        });
    }

    /** The message in the call's DATA frame. */
    private static byte[] call(DataInputStream in) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.skipNBytes(5);
            byte[] payload = in.readNBytes(length);
            if (type == 0) {
                return payload;
            }
        }
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        frame.write(new byte[] {0, 0, 0, (byte) stream});
        frame.write(payload);
        out.write(frame.toByteArray());
    }

    private byte[] fields(String... namesAndValues) throws Exception {
        Http2Headers headers = new DefaultHttp2Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(1, headers, block);
        return ByteBufUtil.getBytes(block);
    }

    private void serving(OutputStream out, int status) throws Exception {
        frame(out, 4, 0, 0, new byte[] {0, 3, 0, 0, 0, 100});
        frame(out, 6, 0, 0, new byte[8]);
        frame(out, 1, END_HEADERS, 1, fields(":status", "200", "content-type", "application/grpc"));
        frame(out, 0, 0, 1, new byte[] {0, 0, 0, 0, 2, 8, (byte) status});
        frame(out, 1, END_BOTH, 1, fields("grpc-status", "0", "grpc-message", ""));
    }

    @Test
    void isContentWithAServiceThatServes() {
        answer(out -> serving(out, 1));

        assertThat(ask("shop", LONG)).isEqualTo(Prober.Result.OK);
        assertThat(asked.join()).isEqualTo(new byte[] {0, 0, 0, 0, 6, 10, 4, 's', 'h', 'o', 'p'});
    }

    @Test
    void tellsWhatAServiceThatDoesNotServeHasAnswered() {
        answer(out -> serving(out, 2));

        assertThat(ask("", LONG).message()).isEqualTo("service unhealthy (responded with \"NOT_SERVING\")");
    }

    @Test
    void tellsHowACallHasFailed() {
        answer(out -> frame(
                out,
                1,
                END_BOTH,
                1,
                fields(
                        ":status",
                        "200",
                        "content-type",
                        "application/grpc",
                        "grpc-status",
                        "5",
                        "grpc-message",
                        "unknown service")));

        assertThat(ask("nope", LONG).message())
                .isEqualTo("error: health rpc failed: rpc error: code = 5 desc = unknown service");
    }

    @Test
    void knowsAServerWithoutTheProtocol() {
        answer(out -> frame(
                out, 1, END_BOTH, 1, fields(":status", "200", "grpc-status", "12", "grpc-message", "unknown method")));

        assertThat(ask("", LONG).message())
                .isEqualTo("error: this server does not implement the grpc health protocol (grpc.health.v1.Health):"
                        + " unknown method");
    }

    @Test
    void waitsNoLongerThanItMay() {
        answer(out -> frame(out, 4, 0, 0, new byte[0]));

        assertThat(ask("", Duration.ofMillis(300)).message())
                .isEqualTo("timeout: health rpc did not complete within 0.3s");
    }

    @Test
    void isNotTakenInByAServerOfAnotherProtocol() {
        answer(out -> out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)));

        assertThat(ask("", LONG).message()).startsWith("error: health rpc failed: ");
    }
}
