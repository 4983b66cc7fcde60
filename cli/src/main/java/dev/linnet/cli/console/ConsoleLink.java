package dev.linnet.cli.console;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The link that lets the person at this machine into the console, once: a file beside the kubeconfig, which lets them into everything else. */
public final class ConsoleLink {
    private static final String FILE = "console-link";

    private ConsoleLink() {}

    /** The link for a key. */
    public static String of(InetSocketAddress console, String key) {
        return "http://" + HostPort.text(console) + "/login?key=" + key;
    }

    /** Replaced whole, and from the beginning for its owner's eyes only. */
    public static void write(Path directory, String link) {
        Path file = directory.resolve(FILE);
        Path half = directory.resolve(FILE + ".new");
        try {
            Files.deleteIfExists(half);
            Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(half, link + "\n");
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * The present link of the cluster that runs here.
     *
     * @throws UserError if there is none
     */
    public static String read(Path directory) {
        try {
            return Files.readString(directory.resolve(FILE)).strip();
        } catch (IOException e) {
            throw new UserError(
                    "cannot read " + directory.resolve(FILE) + " (expected: the link of a running `linnet up`)", e);
        }
    }
}
