package dev.linnet.e2e;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The {@code linnet} command as a process, with the flags that the launcher gives it, but for a compiler that would not pay for itself within a test. */
final class Linnet {
    private static final Path OWN_CLASSES = Path.of("target").toAbsolutePath();

    /** Of the program alone: tests have theirs in a folder. */
    private static final List<String> CLASS_PATH = Stream.of(
                    System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(Predicate.not(entry -> Path.of(entry).toAbsolutePath().startsWith(OWN_CLASSES)))
            .toList();

    private Linnet() {}

    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(sharing(List.of(arguments).contains("up")));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, CLASS_PATH), "dev.linnet.cli.Linnet"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The first cluster leaves its classes, read and linked, to all programs after it, which start in less time. Possible with jars only. */
    private static List<String> sharing(boolean cluster) {
        if (!CLASS_PATH.stream().allMatch(entry -> entry.endsWith(".jar"))) {
            return List.of();
        }
        Path archive = OWN_CLASSES.resolve("linnet-" + ProcessHandle.current().pid() + ".jsa");
        archive.toFile().deleteOnExit();
        List<String> flags = new ArrayList<>(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable"));
        if (cluster) {
            flags.add("-XX:+AutoCreateSharedArchive");
        }
        return flags;
    }

    static Program run(String... arguments) {
        return Program.run(command(arguments), Map.of(), "");
    }

    /** The same within this process, where many short commands would otherwise be many starts of a JVM. */
    static Program within(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = dev.linnet.cli.Linnet.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Program(exit, out.toString(), err.toString());
    }
}
