package dev.linnet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it said. */
record Program(int exit, String out, String err) {
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    static Program run(List<String> command, Map<String, String> env, String input) {
        try {
            Path out = Files.createTempFile("linnet-out", "");
            Path err = Files.createTempFile("linnet-err", "");
            try {
                return run(command, env, input, out, err);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    private static Program run(List<String> command, Map<String, String> env, String input, Path out, Path err)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(env);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end within " + DEADLINE + ": " + Files.readString(err));
        }
        return new Program(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** What it printed, when it ended well. */
    String ok() {
        if (exit != 0) {
            throw new AssertionError("ended with " + exit + ":\n" + err + out);
        }
        return out;
    }
}
