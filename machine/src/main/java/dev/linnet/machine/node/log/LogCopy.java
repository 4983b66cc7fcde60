package dev.linnet.machine.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Copies the lines that a request wants. */
final class LogCopy {

    private static final int CHUNK = 64 * 1024;

    /** Longest time that somebody may follow a container. As kubelet's streams end. */
    private static final Duration LONGEST_FOLLOW = Duration.ofHours(4);

    private final LogFiles files;
    private final LogRequest request;
    private final OutputStream out;
    private final Optional<byte[]> since;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private long bytesLeft;

    LogCopy(LogFiles files, LogRequest request, OutputStream out) {
        this.files = files;
        this.request = request;
        this.out = out;
        this.since = request.since().map(LogTime::bytes);
        this.bytesLeft = request.limitBytes().orElse(Long.MAX_VALUE);
    }

    /** Returns when all is copied; of a followed container when that has ended. */
    void run() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_FOLLOW.toNanos();
        long at = request.tailLines().isPresent() ? tail(request.tailLines().getAsLong()) : files.start();
        at = copyPresent(at);
        while (request.follow() && bytesLeft > 0) {
            Duration patience = Duration.ofNanos(deadline - System.nanoTime());
            if (patience.isNegative() || !files.awaitGrowth(at, patience)) {
                return;
            }
            at = copyPresent(at);
        }
    }

    private long copyPresent(long from) throws IOException {
        byte[] buffer = new byte[CHUNK];
        // What was rotated away while we were copying is lost to a slow reader.
        long at = Math.max(from, files.start());
        long end = files.end();
        while (at < end && bytesLeft > 0) {
            int read = files.read(at, buffer, 0, CHUNK);
            if (read == 0 && files.start() <= at) {
                // Somebody else has cut the file; what comes later is still worth showing.
                return end;
            }
            copyLines(buffer, read);
            at = Math.max(at + read, files.start());
        }
        out.flush();
        return at;
    }

    private void copyLines(byte[] bytes, int length) throws IOException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                partial.write(bytes, from, i + 1 - from);
                copyLine(partial.toByteArray());
                partial.reset();
                from = i + 1;
            }
        }
        partial.write(bytes, from, length - from);
    }

    private void copyLine(byte[] line) throws IOException {
        if (line.length <= LogTime.LENGTH
                || (since.isPresent() && Arrays.compare(line, 0, LogTime.LENGTH, since.get(), 0, LogTime.LENGTH) < 0)) {
            return;
        }
        int from = request.timestamps() ? 0 : LogTime.LENGTH;
        int length = (int) Math.min(line.length - from, bytesLeft);
        out.write(line, from, length);
        bytesLeft -= length;
    }

    /** Where the last lines begin. Reads backwards, so that it is quick in a long log. */
    private long tail(long lines) throws IOException {
        long start = files.start();
        long at = files.end();
        long missing = lines + 1;
        while (at > start) {
            long from = Math.max(start, at - CHUNK);
            byte[] chunk = readFully(from, (int) (at - from));
            for (int i = chunk.length - 1; i >= 0; i--) {
                if (chunk[i] == '\n' && --missing == 0) {
                    return from + i + 1;
                }
            }
            at = from;
        }
        return start;
    }

    private byte[] readFully(long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            int read = files.read(from + filled, bytes, filled, length - filled);
            if (read == 0) {
                break;
            }
            filled += read;
        }
        return bytes;
    }
}
