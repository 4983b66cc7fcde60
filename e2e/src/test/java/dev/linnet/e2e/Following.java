package dev.linnet.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A program that goes on, with what it has said so far. */
final class Following implements AutoCloseable {
    private final Process process;
    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    private Following(Process process) {
        this.process = process;
    }

    static Following start(List<String> command, Map<String, String> env) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(env);
        try {
            Following following = new Following(builder.start());
            Thread.ofPlatform().daemon().name("following").start(following::listen);
            return following;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    List<String> said() {
        return List.copyOf(said);
    }

    boolean ended() {
        return !process.isAlive();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            @Nullable String line;
            while ((line = lines.readLine()) != null) {
                said.add(line);
            }
        } catch (IOException e) {
            said.add(e.toString());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
