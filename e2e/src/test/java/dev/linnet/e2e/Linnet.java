package dev.linnet.e2e;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code linnet} command as a process, with the flags that the launcher gives it, but for a compiler that would not pay for itself within a test. */
final class Linnet {
    private Linnet() {}

    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.linnet.cli.Linnet"));
        command.addAll(List.of(arguments));
        return command;
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
