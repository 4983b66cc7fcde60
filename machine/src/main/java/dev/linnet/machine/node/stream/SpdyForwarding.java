package dev.linnet.machine.node.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards ports as kubectl wants it: SPDY/3.1 frames inside WebSocket messages, and for each connection two streams of one {@code requestID}, one for
 * data, one for what went wrong. Kubectl's SPDY has no flow control; the socket below has.
 */
final class SpdyForwarding implements Conversation {
    static final String PROTOCOL = "SPDY/3.1+portforward.k8s.io";
    private static final int CHUNK = 16 << 10;

    private final PodAccess pod;
    /** Used by the one thread that receives. */
    private final EmbeddedChannel decoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
    /** Used by one thread after the other: headers are compressed in the order in which they are sent. */
    private final EmbeddedChannel encoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
    /** Streams whose partner has not come yet, by requestID. */
    private final Map<String, Half> halves = new HashMap<>();
    /** Connections by the id of their data stream. */
    private final Map<Integer, Connection> connections = new ConcurrentHashMap<>();

    SpdyForwarding(PodAccess pod) {
        this.pod = pod;
    }

    private record Half(int stream, boolean data) {}

    @Override
    public void hold(Socket socket) throws IOException, InterruptedException {
        try {
            for (Optional<byte[]> bytes = socket.receive(); bytes.isPresent(); bytes = socket.receive()) {
                for (Object frame : decoded(bytes.get())) {
                    try {
                        handle(socket, frame);
                    } finally {
                        ReferenceCountUtil.release(frame);
                    }
                }
            }
        } finally {
            connections.values().forEach(Connection::close);
            decoder.finishAndReleaseAll();
            synchronized (encoder) {
                encoder.finishAndReleaseAll();
            }
        }
    }

    private List<Object> decoded(byte[] bytes) {
        decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
        List<Object> frames = new ArrayList<>();
        for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
            frames.add(frame);
        }
        return frames;
    }

    private void handle(Socket socket, Object frame) throws IOException {
        switch (frame) {
            case SpdySynStreamFrame opened -> open(socket, opened);
            case SpdyDataFrame data -> {
                Connection connection = connections.get(data.streamId());
                if (connection != null) {
                    connection.write(ByteBufUtil.getBytes(data.content()), data.isLast());
                }
            }
            case SpdyRstStreamFrame reset -> {
                Connection connection = connections.remove(reset.streamId());
                if (connection != null) {
                    connection.close();
                }
            }
            case SpdyPingFrame ping -> send(socket, new DefaultSpdyPingFrame(ping.id()));
            default -> {}
        }
    }

    private void open(Socket socket, SpdySynStreamFrame opened) throws IOException {
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(opened.streamId());
        // Without any header kubectl takes the connection for lost.
        reply.headers().set("accepted", "true");
        send(socket, reply);
        String request = String.valueOf(opened.headers().getAsString("requestid"));
        boolean data = "data".equals(opened.headers().getAsString("streamtype"));
        Half first = halves.remove(request);
        if (first == null || first.data() == data) {
            halves.put(request, new Half(opened.streamId(), data));
            return;
        }
        int port = port(opened.headers().getAsString("port"));
        int dataStream = data ? opened.streamId() : first.stream();
        int errorStream = data ? first.stream() : opened.streamId();
        connect(socket, port, dataStream, errorStream);
    }

    private static int port(CharSequence text) throws IOException {
        try {
            return Integer.parseInt(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw new IOException("a stream for port " + text + " (expected: a number)", e);
        }
    }

    private void connect(Socket socket, int port, int dataStream, int errorStream) throws IOException {
        try {
            Connection connection = Connection.to(pod, port);
            connections.put(dataStream, connection);
            Thread.ofVirtual().name("forward from " + port).start(() -> {
                carryBack(socket, connection, dataStream, errorStream);
                connections.remove(dataStream);
            });
        } catch (IOException e) {
            sendLast(socket, errorStream, String.valueOf(e.getMessage()).getBytes(UTF_8));
            sendLast(socket, dataStream, new byte[0]);
        }
    }

    private void carryBack(Socket socket, Connection connection, int dataStream, int errorStream) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int read = connection.read(chunk); read >= 0; read = connection.read(chunk)) {
                send(socket, new DefaultSpdyDataFrame(dataStream, Unpooled.copiedBuffer(chunk, 0, read)));
            }
            // Kubectl waits for both to end, in this order.
            sendLast(socket, dataStream, new byte[0]);
            sendLast(socket, errorStream, new byte[0]);
        } catch (IOException _) {
            connection.close();
        }
    }

    private void sendLast(Socket socket, int stream, byte[] content) throws IOException {
        DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(content));
        last.setLast(true);
        send(socket, last);
    }

    private void send(Socket socket, Object frame) throws IOException {
        synchronized (encoder) {
            encoder.writeOutbound(frame);
            for (ByteBuf bytes = encoder.readOutbound(); bytes != null; bytes = encoder.readOutbound()) {
                byte[] message = ByteBufUtil.getBytes(bytes);
                bytes.release();
                socket.send(ByteBuffer.wrap(message));
            }
        }
    }
}
