package dev.linnet.machine.node.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Forwards one connection to each of some ports, in messages whose first byte is a channel: twice the port's index for data, one more for what went
 * wrong. The first message on each channel is the port, little endian. Fabric8 speaks so.
 */
final class ChannelForwarding implements Conversation {
    private static final int CHUNK = 16 << 10;

    private final PodAccess pod;
    private final List<Integer> ports;

    ChannelForwarding(PodAccess pod, List<Integer> ports) {
        this.pod = pod;
        this.ports = List.copyOf(ports);
    }

    @Override
    public void hold(Talk talk) throws IOException, InterruptedException {
        List<Connection> connections = new ArrayList<>();
        CountDownLatch open = new CountDownLatch(ports.size());
        try {
            for (int i = 0; i < ports.size(); i++) {
                connections.add(connect(talk, i, open));
            }
            Thread reader = Thread.ofVirtual().name("forward to").start(() -> carryForth(talk, connections, open));
            open.await();
            reader.interrupt();
        } finally {
            connections.forEach(Connection::close);
        }
    }

    private Connection connect(Talk talk, int index, CountDownLatch open) throws IOException {
        int port = ports.get(index);
        for (int channel = 2 * index; channel < 2 * index + 2; channel++) {
            byte[] first = ByteBuffer.allocate(2)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) port)
                    .array();
            send(talk, channel, first, first.length);
        }
        try {
            Connection connection = Connection.to(pod, port);
            Thread.ofVirtual().name("forward from " + port).start(() -> {
                carryBack(talk, connection, 2 * index);
                open.countDown();
            });
            return connection;
        } catch (IOException e) {
            byte[] message = String.valueOf(e.getMessage()).getBytes(UTF_8);
            send(talk, 2 * index + 1, message, message.length);
            throw e;
        }
    }

    private static void carryBack(Talk talk, Connection connection, int channel) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int read = connection.read(chunk); read >= 0; read = connection.read(chunk)) {
                send(talk, channel, chunk, read);
            }
        } catch (IOException _) {
            connection.close();
        }
    }

    private static void carryForth(Talk talk, List<Connection> connections, CountDownLatch open) {
        try {
            for (Optional<byte[]> message = talk.receive(); message.isPresent(); message = talk.receive()) {
                byte[] bytes = message.get();
                int index = bytes.length == 0 ? -1 : bytes[0] / 2;
                if (index >= 0 && index < connections.size() && bytes[0] % 2 == 0) {
                    connections.get(index).write(Arrays.copyOfRange(bytes, 1, bytes.length), false);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        // The client is gone, or all have ended.
        while (open.getCount() > 0) {
            open.countDown();
        }
    }

    private static void send(Talk talk, int channel, byte[] bytes, int length) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(length + 1);
        message.put((byte) channel).put(bytes, 0, length).flip();
        talk.send(message);
    }
}
