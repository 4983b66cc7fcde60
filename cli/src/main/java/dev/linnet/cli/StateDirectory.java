package dev.linnet.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;

/** Where a local cluster keeps its state, and whether one runs there. */
public final class StateDirectory {

    /** Held by the process that runs the cluster; the operating system lets go of it however that process ends. */
    public static final String LOCK = "up.lock";

    private StateDirectory() {}

    /** The platform's directory for a program's state: XDG on Linux, Application Support on macOS. */
    public static Path usual(Map<String, String> env, Path home) {
        String xdg = env.getOrDefault("XDG_STATE_HOME", "");
        if (!xdg.isBlank()) {
            return Path.of(xdg, "linnet");
        }
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        return mac ? home.resolve("Library/Application Support/linnet") : home.resolve(".local/state/linnet");
    }

    /** True while a process holds the directory's lock. */
    public static boolean isRunning(Path directory) {
        Path lock = directory.resolve(LOCK);
        if (!Files.exists(lock) || !Files.isReadable(directory.resolve("kubeconfig"))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken == null;
        } catch (OverlappingFileLockException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
