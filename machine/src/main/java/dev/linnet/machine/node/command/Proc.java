package dev.linnet.machine.node.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.linnet.machine.node.stats.Usage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What Linux tells of processes in {@code /proc}, see proc(5). Says nothing elsewhere, and of what has just ended. */
final class Proc {
    private static final Path ROOT = Path.of("/proc");
    private static final int SESSION = 3;
    private static final int USER_TIME = 11;
    /** Of the process, and of its ended children whom it has waited for; in user mode and in the kernel. */
    private static final int TIMES = 4;
    /** Linux shows processor time in hundredths of a second, whatever the kernel counts in. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

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

    /** The session that a process belongs to, see setsid(2). */
    static OptionalLong session(long process) {
        Optional<String[]> fields = statFields(process);
        return fields.isPresent() ? OptionalLong.of(Long.parseLong(fields.get()[SESSION])) : OptionalLong.empty();
    }

    /** A variable that a process was started with. */
    static Optional<String> startedWith(long process, String variable) {
        String begin = variable + "=";
        return read(process, "environ").stream()
                .flatMap(environ -> Stream.of(environ.split("\0")))
                .filter(entry -> entry.startsWith(begin))
                .map(entry -> entry.substring(begin.length()))
                .findFirst();
    }

    /** What a process and its ended children have used. */
    static Optional<Usage> usage(long process) {
        Optional<String[]> fields = statFields(process).filter(all -> all.length > USER_TIME + TIMES);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        long ticks = Stream.of(fields.get())
                .skip(USER_TIME)
                .limit(TIMES)
                .mapToLong(Long::parseLong)
                .sum();
        long kilobytes = read(process, "status")
                .map(RESIDENT::matcher)
                .filter(Matcher::find)
                .map(found -> Long.parseLong(found.group(1)))
                .orElse(0L);
        return Optional.of(new Usage(Duration.ofNanos(ticks * NANOS_PER_TICK), kilobytes * 1024));
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
