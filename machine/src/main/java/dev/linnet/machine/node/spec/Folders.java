package dev.linnet.machine.node.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes and deletes folders of Pods. */
public final class Folders {

    private Folders() {}

    /** Makes a folder that only we can read: it will hold Secrets. */
    public static void createPrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Deletes a folder with all that is in it, if it is there. Links are deleted and not followed. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> content = Files.walk(folder)) {
            all = content.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw new IOException("cannot list " + folder, e);
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
