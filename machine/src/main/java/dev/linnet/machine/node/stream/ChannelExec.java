package dev.linnet.machine.node.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Runs a command for {@code kubectl exec}, in messages whose first byte is a channel: 0 standard input, 1 output, 2 errors, 3 how it ended (a Status),
 * 4 the terminal's size; from {@code v5.channel.k8s.io} on, 255 and a channel close that channel.
 */
final class ChannelExec implements Conversation {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int CLOSE = 255;
    private static final int CHUNK = 16 << 10;

    private final Start start;
    private final boolean wantsInput;

    /** Starts what is to be run; the message of its exception is for the person who asked. */
    @FunctionalInterface
    interface Start {
        Image.Dialogue start() throws IOException;
    }

    ChannelExec(Start start, boolean wantsInput) {
        this.start = start;
        this.wantsInput = wantsInput;
    }

    @Override
    public void hold(Talk talk) throws IOException, InterruptedException {
        Image.Dialogue command;
        try {
            command = start.start();
        } catch (IOException e) {
            send(
                    talk,
                    STATUS,
                    ExecStatus.notStarted(String.valueOf(e.getMessage())).getBytes(UTF_8));
            return;
        }
        try {
            run(talk, command);
        } finally {
            command.kill();
        }
    }

    private void run(Talk talk, Image.Dialogue command) throws IOException, InterruptedException {
        // Pipes hold on to the carriers of virtual threads.
        Thread output = Thread.ofPlatform().daemon().start(() -> carry(command.output(), talk, STDOUT));
        Thread errors = Thread.ofPlatform().daemon().start(() -> carry(command.errors(), talk, STDERR));
        if (!wantsInput) {
            command.input().close();
        }
        Thread input = Thread.ofPlatform().daemon().start(() -> takeInput(talk, command));
        int exitCode = command.await();
        // What it has left behind would keep its outputs open.
        command.kill();
        output.join();
        errors.join();
        input.interrupt();
        send(talk, STATUS, ExecStatus.ended(exitCode).getBytes(UTF_8));
    }

    private static void carry(InputStream from, Talk talk, int channel) {
        byte[] chunk = new byte[CHUNK];
        try (from) {
            for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
                send(talk, channel, chunk, read);
            }
        } catch (IOException _) {
            // The command is killed once the client is known to be gone.
            return;
        }
    }

    private static void takeInput(Talk talk, Image.Dialogue command) {
        try {
            for (Optional<byte[]> message = talk.receive(); message.isPresent(); message = talk.receive()) {
                take(message.get(), command.input());
            }
            // Nobody is there any more to whom it could say anything.
            command.kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void take(byte[] message, OutputStream input) {
        int channel = message.length == 0 ? STATUS : Byte.toUnsignedInt(message[0]);
        try {
            if (channel == STDIN) {
                input.write(message, 1, message.length - 1);
                input.flush();
            } else if (channel == CLOSE && message.length > 1 && message[1] == STDIN) {
                input.close();
            }
        } catch (IOException _) {
            // It has closed its input, as it may.
            return;
        }
    }

    private static void send(Talk talk, int channel, byte[] bytes) throws IOException {
        send(talk, channel, bytes, bytes.length);
    }

    private static void send(Talk talk, int channel, byte[] bytes, int length) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(length + 1);
        message.put((byte) channel).put(bytes, 0, length).flip();
        talk.send(message);
    }
}
