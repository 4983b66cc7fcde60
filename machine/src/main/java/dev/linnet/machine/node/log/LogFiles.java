package dev.linnet.machine.node.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of one life of a container: a file that grows and the one before it. Readers address bytes by their place in all
 * that was ever written, so that they do not notice when the files change places.
 */
final class LogFiles implements AutoCloseable {

    private final Path current;
    private final Path previous;
    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private OutputStream out;
    private long previousStart;
    private long currentStart;
    private long end;
    private boolean ended;

    private LogFiles(Path current, long limit, OutputStream out) {
        this.current = current;
        this.previous = previousOf(current);
        this.limit = limit;
        this.out = out;
    }

    static Path previousOf(Path current) {
        return current.resolveSibling(current.getFileName() + ".1");
    }

    /**
     * Begins a log.
     *
     * @param limit bytes after which the file is put aside and the one before it deleted
     */
    static LogFiles create(Path file, long limit) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.deleteIfExists(previousOf(file));
        return new LogFiles(file, limit, openForWriting(file));
    }

    /** Not a channel: that would be closed for everybody when the thread that writes is interrupted. */
    private static OutputStream openForWriting(Path file) throws IOException {
        return new FileOutputStream(file.toFile());
    }

    /** Opens a log to which nobody writes any more. */
    static LogFiles read(Path file) throws IOException {
        LogFiles files = new LogFiles(file, 0, OutputStream.nullOutputStream());
        files.currentStart = Files.exists(files.previous) ? Files.size(files.previous) : 0;
        files.end = files.currentStart + Files.size(file);
        files.close();
        return files;
    }

    /** Adds one line, its end of line included. */
    void append(byte[] line) throws IOException {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (end - currentStart + line.length > limit && end > currentStart) {
                rotate();
            }
            out.write(line);
            end += line.length;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void rotate() throws IOException {
        out.close();
        Files.move(current, previous, StandardCopyOption.REPLACE_EXISTING);
        previousStart = currentStart;
        currentStart = end;
        out = openForWriting(current);
    }

    /** The first byte that is still there. */
    long start() {
        lock.lock();
        try {
            return previousStart;
        } finally {
            lock.unlock();
        }
    }

    /** Behind the last byte. */
    long end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads as much as fits and one file has. Nothing when there is nothing at that place yet, or any more.
     *
     * @return how many bytes were read
     */
    int read(long from, byte[] into, int offset, int length) throws IOException {
        lock.lock();
        try {
            if (from >= end || from < previousStart) {
                return 0;
            }
            boolean old = from < currentStart;
            long left = (old ? currentStart : end) - from;
            try (RandomAccessFile file = new RandomAccessFile((old ? previous : current).toFile(), "r")) {
                file.seek(from - (old ? previousStart : currentStart));
                return Math.max(0, file.read(into, offset, (int) Math.min(length, left)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something at that place. False when there will not be: the container has ended. */
    boolean awaitGrowth(long from, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (from >= end && !ended && left > 0) {
                left = grown.awaitNanos(left);
            }
            return from < end || !ended;
        } finally {
            lock.unlock();
        }
    }

    /** No more will be written. Reading goes on. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            ended = true;
            grown.signalAll();
            out.close();
        } finally {
            lock.unlock();
        }
    }
}
