package dev.linnet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for a cluster that is not kept: it goes when the process ends. */
public final class ThrowAwayDirectory {
    private ThrowAwayDirectory() {}

    public static Path create(String prefix) throws IOException {
        Path directory = Files.createTempDirectory(prefix);
        Thread cleaner = Thread.ofPlatform().name("clean-up").unstarted(() -> delete(directory));
        Runtime.getRuntime().addShutdownHook(cleaner);
        return directory;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("linnet: " + directory + " is left behind: " + e.getMessage());
        }
    }
}
