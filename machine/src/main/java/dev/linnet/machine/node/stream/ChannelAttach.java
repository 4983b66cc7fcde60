package dev.linnet.machine.node.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Shows what a container writes from now on, for {@code kubectl attach}. Its input is not connected to anything: it began with none. */
final class ChannelAttach implements Conversation {
    private static final byte STDOUT = 1;
    private static final byte STATUS = 3;

    private final PodAccess pod;
    private final String container;

    ChannelAttach(PodAccess pod, String container) {
        this.pod = pod;
        this.container = container;
    }

    @Override
    public void hold(Socket socket) throws IOException, InterruptedException {
        Thread follower = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            awaitLeaving(socket);
            follower.interrupt();
        });
        pod.follow(container, new ToSocket(socket));
        send(socket, STATUS, ExecStatus.ended(0).getBytes(UTF_8));
    }

    private static void awaitLeaving(Socket socket) {
        try {
            Optional<byte[]> message = socket.receive();
            while (message.isPresent()) {
                message = socket.receive();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(Socket socket, byte channel, byte[] bytes) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(bytes.length + 1);
        message.put(channel).put(bytes).flip();
        socket.send(message);
    }

    /** Each write is a message. */
    private static final class ToSocket extends OutputStream {
        private final Socket socket;

        ToSocket(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void write(int b) throws IOException {
            send(socket, STDOUT, new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] part = new byte[length];
            System.arraycopy(bytes, offset, part, 0, length);
            send(socket, STDOUT, part);
        }
    }
}
