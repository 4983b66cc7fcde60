package dev.linnet.apiserver.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Holds a directory for one process. The operating system gives it back however the process ends. */
public final class DirectoryClaim implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryClaim(FileChannel channel) {
        this.channel = channel;
    }

    /** Another process has this directory. */
    public static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Taken(Path directory) {
            super(
                    "directory " + directory
                            + " is in use by another server (expected: one server per directory; stop it or name another directory)");
        }
    }

    /** @throws Taken when another server holds it */
    public static DirectoryClaim take(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new Taken(directory);
            }
            return new DirectoryClaim(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use directory " + directory, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
