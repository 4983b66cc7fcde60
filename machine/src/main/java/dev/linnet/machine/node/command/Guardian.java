package dev.linnet.machine.node.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small process of its own that ends all that we have started when we are gone, also after {@code kill -9}: it notices the
 * end of a pipe that only we hold. Started with the first command, as most machines run none.
 */
final class Guardian implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Guardian.class);
    private static final String SCRIPT = script();

    private final String mark;
    private final Set<Long> sessions = new LinkedHashSet<>();
    private Optional<Process> process = Optional.empty();
    private boolean closed;

    /** @param mark in the environment of all that is to end with us */
    Guardian(String mark) {
        this.mark = mark;
    }

    private static String script() {
        try (InputStream in = Guardian.class.getResourceAsStream("guardian.sh")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks guardian.sh");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read guardian.sh", e);
        }
    }

    /**
     * Is on duty when this returns: call it before a process is started.
     *
     * @throws IOException when it cannot be, or no longer
     */
    synchronized void awake() throws IOException {
        if (closed) {
            throw new IOException("the machine stops");
        }
        if (process.filter(Process::isAlive).isPresent()) {
            return;
        }
        // Not of our session: the terminal's Ctrl-C is for us alone.
        Process begun = new ProcessBuilder("setsid", "sh", "-c", SCRIPT, "linnet-guardian", mark)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = Optional.of(begun);
        var _ = begun.onExit().thenRun(this::replace);
        for (long session : sessions) {
            tell("+" + session);
        }
    }

    /** Somebody has killed it. */
    private synchronized void replace() {
        if (closed || sessions.isEmpty()) {
            return;
        }
        log.atWarn().log("The guardian of this machine's processes has ended; starting another one");
        try {
            awake();
        } catch (IOException e) {
            log.atError().setCause(e).log("Processes may outlive this machine: it has no guardian");
        }
    }

    /** A session has begun. */
    synchronized void watch(long session) throws IOException {
        sessions.add(session);
        tell("+" + session);
    }

    /** A session is over, its number may be given to others. */
    synchronized void forget(long session) {
        if (sessions.remove(session)) {
            try {
                tell("-" + session);
            } catch (IOException e) {
                log.atDebug().setCause(e).log("The guardian was not told of the end of a session");
            }
        }
    }

    private void tell(String line) throws IOException {
        if (process.isPresent()) {
            process.get().outputWriter(US_ASCII).append(line).append('\n').flush();
        }
    }

    /** To be called when nothing is left to guard. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            tell("end");
        } catch (IOException e) {
            log.atDebug().setCause(e).log("The guardian has ended before");
        }
        process.ifPresent(Process::destroy);
    }
}
