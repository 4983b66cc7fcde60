package dev.linnet.machine.node.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.stream.SpdyFrames.Opened;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs a command for {@code kubectl exec} before 1.30: a SPDY stream for each of its streams, and one for how it ended. */
final class SpdyExec implements Conversation {
    private static final String INPUT = "stdin";
    private static final String ERROR = "error";
    private static final int CHUNK = 16 << 10;

    private final ChannelExec.Start start;
    private final Set<String> wanted;

    /** @param wanted the types of streams that the client will open, without which nothing begins */
    SpdyExec(ChannelExec.Start start, Set<String> wanted) {
        this.start = start;
        this.wanted = Set.copyOf(wanted);
    }

    @Override
    public void hold(Talk talk) throws IOException, InterruptedException {
        SpdyFrames frames = new SpdyFrames(talk);
        Running running = new Running(frames);
        try {
            frames.run(running);
        } finally {
            running.kill();
        }
    }

    private final class Running implements SpdyFrames.Client {
        private final SpdyFrames frames;
        private final Map<String, Integer> streams = new HashMap<>();
        private final AtomicReference<Image.@Nullable Dialogue> command = new AtomicReference<>();

        Running(SpdyFrames frames) {
            this.frames = frames;
        }

        @Override
        public void opens(Opened opened) throws IOException {
            streams.put(opened.header("streamType"), opened.stream());
            if (command.get() == null && streams.keySet().containsAll(wanted)) {
                begin();
            }
        }

        private void begin() throws IOException {
            try {
                Image.Dialogue begun = start.start();
                command.set(begun);
                if (!wanted.contains(INPUT)) {
                    begun.input().close();
                }
                Thread.ofVirtual().name("exec").start(() -> run(begun));
            } catch (IOException e) {
                end(ExecStatus.notStarted(String.valueOf(e.getMessage())));
            }
        }

        private void run(Image.Dialogue begun) {
            try {
                Thread output = Thread.ofPlatform().daemon().start(() -> carry(begun.output(), "stdout"));
                Thread errors = Thread.ofPlatform().daemon().start(() -> carry(begun.errors(), "stderr"));
                int exitCode = begun.await();
                // What it has left behind would keep its outputs open.
                begun.kill();
                output.join();
                errors.join();
                end(ExecStatus.ended(exitCode));
            } catch (IOException _) {
                begun.kill();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void carry(InputStream from, String type) {
            Integer stream = streams.get(type);
            byte[] chunk = new byte[CHUNK];
            try (from) {
                for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
                    if (stream != null) {
                        frames.send(stream, chunk, read);
                    }
                }
            } catch (IOException _) {
                // The command is killed once the client is known to be gone.
                return;
            }
        }

        /** The client reads all of its streams to their ends, and then closes the connection. */
        private void end(String status) throws IOException {
            Integer error = streams.get(ERROR);
            if (error != null) {
                frames.sendLast(error, status.getBytes(UTF_8));
            }
            for (Map.Entry<String, Integer> stream : streams.entrySet()) {
                if (!stream.getKey().equals(ERROR)) {
                    frames.sendLast(stream.getValue(), new byte[0]);
                }
            }
        }

        @Override
        public void sends(int stream, byte[] bytes, boolean last) {
            Image.Dialogue running = command.get();
            Integer input = streams.get(INPUT);
            if (running == null || input == null || input != stream) {
                return;
            }
            try {
                running.input().write(bytes);
                running.input().flush();
                if (last) {
                    running.input().close();
                }
            } catch (IOException _) {
                // It has closed its input, as it may.
                return;
            }
        }

        @Override
        public void resets(int stream) {
            // The connection tells when the client is gone.
        }

        void kill() {
            Image.Dialogue running = command.get();
            if (running != null) {
                running.kill();
            }
        }
    }
}
