package dev.linnet.machine.node.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What Linux tells of processes in {@code /proc}, see proc(5). Says nothing elsewhere, and of what has just ended. */
final class Proc {
    private static final Path ROOT = Path.of("/proc");
    private static final int SESSION = 3;

    private Proc() {}

    /** All processes. */
    static LongStream all() {
        String[] names = new File(ROOT.toString()).list();
        return names == null
                ? LongStream.empty()
                : Stream.of(names)
                        .filter(name -> name.chars().allMatch(Character::isDigit))
                        .mapToLong(Long::parseLong);
    }

    /** Whether a text is in the environment that a process was started with. */
    static boolean wasStartedWith(long process, String mark) {
        return read(process, "environ")
                .filter(environ -> environ.contains(mark))
                .isPresent();
    }

    /** Whether it belongs to a session, see setsid(2), and has not ended. */
    static boolean isOfSession(long process, long session) {
        Optional<String[]> fields = statFields(process);
        return fields.isPresent()
                && !fields.get()[0].equals("Z")
                && fields.get()[SESSION].equals(Long.toString(session));
    }

    /** State, parent, group, session and so on: what comes after the name, which may hold anything. */
    static Optional<String[]> statFields(long process) {
        return read(process, "stat")
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1))
                .filter(fields -> fields.length > SESSION);
    }

    /** Bytes as they are: these files have no encoding. */
    static Optional<String> read(long process, String file) {
        try {
            return Optional.of(
                    Files.readString(ROOT.resolve(Long.toString(process)).resolve(file), ISO_8859_1));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
