package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Streams into a Pod as kubectl opens them: SPDY, inside of WebSocket messages from 1.31 on. The JDK's WebSocket does not accept the name of that
 * protocol.
 */
final class SpdyClient implements AutoCloseable {
    private static final String FORWARDING = "portforward.k8s.io";

    private final EmbeddedChannel codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
    private final Map<Integer, ByteArrayOutputStream> streams = new ConcurrentHashMap<>();
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger replies = new AtomicInteger();
    private final AtomicInteger pong = new AtomicInteger();
    private final SSLSocket socket;
    private final boolean overWebSocket;
    private int nextStream = 1;

    private SpdyClient(SSLSocket socket, boolean overWebSocket) {
        this.socket = socket;
        this.overWebSocket = overWebSocket;
    }

    static SpdyClient forwarding(LocalCluster cluster, boolean overWebSocket) throws Exception {
        return open(
                cluster, "/pods/web/portforward", overWebSocket, overWebSocket ? "SPDY/3.1+" + FORWARDING : FORWARDING);
    }

    /** @param path within the namespace */
    static SpdyClient open(LocalCluster cluster, String path, boolean overWebSocket, String protocol) throws Exception {
        URI api = URI.create(cluster.api.url());
        SSLSocket socket = (SSLSocket) trusting(cluster.api.caPem())
                .getSocketFactory()
                .createSocket(InetAddress.ofLiteral(api.getHost()), api.getPort());
        String upgrade = overWebSocket ? """
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Protocol:\s""" : "Upgrade: SPDY/3.1\nX-Stream-Protocol-Version: ";
        String head = (overWebSocket ? "GET" : "POST") + " /api/v1/namespaces/streams" + path + " HTTP/1.1\nHost: "
                + api.getAuthority() + "\nAuthorization: Bearer " + cluster.api.adminToken()
                + "\nConnection: Upgrade\n" + upgrade + protocol + "\nContent-Length: 0\n\n";
        socket.getOutputStream().write(head.replace("\n", "\r\n").getBytes(UTF_8));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) in.readUnsignedByte());
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 101 ").contains(protocol);
        SpdyClient client = new SpdyClient(socket, overWebSocket);
        Thread.ofVirtual().start(() -> client.receive(in));
        return client;
    }

    private void receive(DataInputStream in) {
        try {
            while (true) {
                take(overWebSocket ? message(in) : bytes(in));
            }
        } catch (IOException _) {
            // The test is over.
            return;
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] first = in.readNBytes(1);
        if (first.length == 0) {
            throw new IOException("closed");
        }
        return first;
    }

    /** Messages of the server, each in one frame. */
    private static byte[] message(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
        in.readFully(payload);
        return first == 0x82 ? payload : new byte[0];
    }

    private synchronized void take(byte[] message) {
        codec.writeInbound(Unpooled.wrappedBuffer(message));
        for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
            take(frame);
        }
    }

    private void take(Object frame) {
        switch (frame) {
            case SpdySynReplyFrame reply -> {
                assertThat(reply.headers().isEmpty()).isFalse();
                replies.incrementAndGet();
            }
            case SpdyDataFrame data -> {
                Objects.requireNonNull(streams.get(data.streamId())).writeBytes(ByteBufUtil.getBytes(data.content()));
                if (data.isLast()) {
                    ended.add(data.streamId());
                }
                data.release();
            }
            case SpdyPingFrame ping -> pong.set(ping.id());
            default -> throw new AssertionError("unexpected " + frame);
        }
    }

    /** @return the id of the stream for data; that for errors is two less */
    int connect(String request, int port) {
        open(Map.of("streamtype", "error", "port", Integer.toString(port), "requestid", request));
        return open(Map.of("streamtype", "data", "port", Integer.toString(port), "requestid", request));
    }

    int open(Map<String, String> headers) {
        int id = nextStream;
        nextStream += 2;
        DefaultSpdySynStreamFrame stream = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        headers.forEach((name, value) -> stream.headers().set(name, value));
        streams.put(id, new ByteArrayOutputStream());
        send(stream);
        eventually().untilAsserted(() -> assertThat(replies.get()).isEqualTo((id + 1) / 2));
        return id;
    }

    void send(int stream, String text) {
        send(new DefaultSpdyDataFrame(stream, Unpooled.copiedBuffer(text, UTF_8)));
    }

    void ping(int id) {
        send(new DefaultSpdyPingFrame(id));
    }

    private synchronized void send(Object frame) {
        codec.writeOutbound(frame);
        for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
            write(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }
    }

    /** Over WebSocket in one frame, masked with nothing but zeros. */
    private void write(byte[] payload) {
        try {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            if (overWebSocket) {
                out.writeByte(0x82);
                out.writeByte(0x80 | 126);
                out.writeShort(payload.length);
                out.writeInt(0);
            }
            out.write(payload);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int pong() {
        return pong.get();
    }

    String received(int stream) {
        return Objects.requireNonNull(streams.get(stream)).toString(UTF_8);
    }

    boolean ended(int... all) {
        return IntStream.of(all).allMatch(ended::contains);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        synchronized (this) {
            codec.finishAndReleaseAll();
        }
    }

    private static SSLContext trusting(String caPem) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(caPem.getBytes(UTF_8))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
