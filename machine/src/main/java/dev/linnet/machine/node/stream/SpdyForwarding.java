package dev.linnet.machine.node.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.node.stream.SpdyFrames.Opened;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards ports as kubectl wants it: for each connection two streams of one {@code requestID}, one for data, one for what went wrong. */
final class SpdyForwarding implements Conversation {
    private static final int CHUNK = 16 << 10;

    private final PodAccess pod;

    SpdyForwarding(PodAccess pod) {
        this.pod = pod;
    }

    @Override
    public void hold(Talk talk) throws IOException, InterruptedException {
        SpdyFrames frames = new SpdyFrames(talk);
        Connections connections = new Connections(frames);
        try {
            frames.run(connections);
        } finally {
            connections.close();
        }
    }

    /** A stream whose partner has not come yet. */
    private record Half(int stream, boolean data) {}

    private final class Connections implements SpdyFrames.Client {
        private final SpdyFrames frames;
        /** By requestID. */
        private final Map<String, Half> halves = new HashMap<>();
        /** By the id of their data stream. */
        private final Map<Integer, Connection> open = new ConcurrentHashMap<>();

        Connections(SpdyFrames frames) {
            this.frames = frames;
        }

        @Override
        public void opens(Opened opened) throws IOException {
            String request = opened.header("requestID");
            boolean data = opened.header("streamType").equals("data");
            Half first = halves.remove(request);
            if (first == null || first.data() == data) {
                halves.put(request, new Half(opened.stream(), data));
                return;
            }
            int dataStream = data ? opened.stream() : first.stream();
            int errorStream = data ? first.stream() : opened.stream();
            connect(port(opened.header("port")), dataStream, errorStream);
        }

        private void connect(int port, int dataStream, int errorStream) throws IOException {
            try {
                Connection connection = Connection.to(pod, port);
                open.put(dataStream, connection);
                Thread.ofVirtual().name("forward from " + port).start(() -> {
                    carryBack(connection, dataStream, errorStream);
                    open.remove(dataStream);
                });
            } catch (IOException e) {
                frames.sendLast(errorStream, String.valueOf(e.getMessage()).getBytes(UTF_8));
                frames.sendLast(dataStream, new byte[0]);
            }
        }

        private void carryBack(Connection connection, int dataStream, int errorStream) {
            byte[] chunk = new byte[CHUNK];
            try {
                for (int read = connection.read(chunk); read >= 0; read = connection.read(chunk)) {
                    frames.send(dataStream, chunk, read);
                }
                // Kubectl waits for both to end, in this order.
                frames.sendLast(dataStream, new byte[0]);
                frames.sendLast(errorStream, new byte[0]);
            } catch (IOException _) {
                connection.close();
            }
        }

        @Override
        public void sends(int stream, byte[] bytes, boolean last) {
            Connection connection = open.get(stream);
            if (connection != null) {
                connection.write(bytes, last);
            }
        }

        @Override
        public void resets(int stream) {
            Connection connection = open.remove(stream);
            if (connection != null) {
                connection.close();
            }
        }

        void close() {
            open.values().forEach(Connection::close);
        }
    }

    private static int port(String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("a stream for port " + text + " (expected: a number)", e);
        }
    }
}
