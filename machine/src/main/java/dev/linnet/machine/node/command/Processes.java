package dev.linnet.machine.node.command;

import dev.linnet.machine.node.stats.Usage;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one node agent has started outside of this JVM. Each program gets a session of its own and a mark in its
 * environment; what has either belongs to it, whoever its parent is now. A program would have to drop both to get away.
 */
public final class Processes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Processes.class);
    /** In the environment of each process: its folder, and which run of the machine has started it. */
    private static final String MARK = "LINNET_CONTAINER";

    private static final int ROUNDS = 200;
    private static final Duration BETWEEN = Duration.ofMillis(5);

    private final Path directory;
    private final String run;
    private final Guardian guardian;
    private Optional<RealPaths> realPaths = Optional.empty();
    private boolean probed;
    private final Set<Started> alive = ConcurrentHashMap.newKeySet();

    /** @param directory the folder below which all containers have theirs; nobody else uses it */
    public Processes(Path directory) {
        this.directory = directory;
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        this.run = "#" + HexFormat.of().formatHex(random);
        this.guardian = new Guardian(run);
    }

    /** A process and all that comes of it. */
    final class Started {
        private final Process process;
        private final Launch launch;
        private final String mark;

        private Started(Process process, Launch launch) {
            this.process = process;
            this.launch = launch;
            this.mark = MARK + "=" + markOf(launch);
        }

        Process process() {
            return process;
        }

        private boolean belongs(long other) {
            return Proc.isOfSession(other, process.pid()) || Proc.wasStartedWith(other, mark);
        }

        /** All that has come of it and has not ended. */
        List<Long> members() {
            return Proc.all().filter(this::belongs).boxed().toList();
        }

        /** Ends what is left of it at once. Returns when there is nothing any more. */
        void kill() {
            killAll(this::belongs);
            guardian.forget(process.pid());
            alive.remove(this);
        }
    }

    /**
     * Where programs run.
     *
     * @param directory        the container's own folder
     * @param workingDirectory where they begin
     * @param mounts           what they find at other paths
     */
    record Place(Path directory, Path workingDirectory, Map<String, Path> mounts) {
        Place {
            mounts = Map.copyOf(mounts);
        }

        /** A folder for what it takes to show mounts at their paths. */
        Path scratch() {
            return directory.resolveSibling(directory.getFileName() + ".scratch");
        }
    }

    /**
     * What to start.
     *
     * @param words       the program and its arguments
     * @param environment all of it
     * @param purpose     tells programs of one place apart, which can be ended one by one; empty for the container itself
     */
    record Launch(List<String> words, Map<String, String> environment, Place place, String purpose) {
        Launch {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }

        /** Another program in the same surroundings. */
        Launch beside(List<String> otherWords, String otherPurpose) {
            return new Launch(otherWords, environment, place, otherPurpose);
        }

        /** For marks and names of threads. */
        String owner() {
            return place.directory() + purpose;
        }
    }

    /**
     * Starts a program in a session of its own. Its standard input is empty; its output comes as one stream, in the order in
     * which it wrote.
     */
    Started start(Launch launch) throws IOException {
        return start(
                launch, builder(launch).redirectErrorStream(true).redirectInput(Redirect.from(new File("/dev/null"))));
    }

    /** As {@link #start(Launch)}, for somebody who talks to it: its input is open, and errors come on their own. */
    Started startOpen(Launch launch) throws IOException {
        return start(launch, builder(launch));
    }

    private ProcessBuilder builder(Launch launch) throws IOException {
        List<String> line = new ArrayList<>(List.of("setsid", "--"));
        Optional<RealPaths> paths = realPaths();
        line.addAll(paths.isPresent() ? paths.get().wrap(launch) : launch.words());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(launch.place().workingDirectory().toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment().put(MARK, markOf(launch));
        return builder;
    }

    private String markOf(Launch launch) {
        return launch.owner() + run;
    }

    private Started start(Launch launch, ProcessBuilder builder) throws IOException {
        guardian.awake();
        Started started = new Started(builder.start(), launch);
        alive.add(started);
        try {
            guardian.watch(started.process().pid());
            return started;
        } catch (IOException e) {
            started.kill();
            throw e;
        }
    }

    /** What all that runs uses, by the folder of its container; what was started beside it counts too. */
    public Map<Path, Usage> usage() {
        Map<Long, Path> bySession = new HashMap<>();
        Map<String, Path> byMark = new HashMap<>();
        for (Started started : alive) {
            Path container = started.launch.place().directory();
            bySession.put(started.process().pid(), container);
            byMark.put(markOf(started.launch), container);
        }
        Map<Path, Usage> usage = new HashMap<>();
        if (!alive.isEmpty()) {
            Proc.all()
                    .forEach(process -> owner(process, bySession, byMark)
                            .ifPresent(container ->
                                    Proc.usage(process).ifPresent(used -> usage.merge(container, used, Usage::plus))));
        }
        return usage;
    }

    private static Optional<Path> owner(long process, Map<Long, Path> bySession, Map<String, Path> byMark) {
        OptionalLong session = Proc.session(process);
        if (session.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(bySession.get(session.getAsLong()))
                .or(() -> Proc.startedWith(process, MARK).map(byMark::get));
    }

    /** Only the first program has to wait for the answer. */
    private synchronized Optional<RealPaths> realPaths() {
        if (!probed) {
            realPaths = RealPaths.probe(directory);
            probed = true;
        }
        return realPaths;
    }

    /** Ends what a former run on this folder has left behind, should its own guardian have failed. */
    public void killLeftOvers() {
        killAll(each -> Proc.wasStartedWith(each, MARK + "=" + directory + "/") && !Proc.wasStartedWith(each, run));
    }

    private static void killAll(LongPredicate belongs) {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> found = Proc.all()
                    .filter(belongs)
                    .mapToObj(ProcessHandle::of)
                    .flatMap(Optional::stream)
                    .toList();
            if (found.isEmpty()) {
                return;
            }
            found.forEach(ProcessHandle::destroyForcibly);
            pause();
        }
        log.atWarn().log("Processes of a container do not end, although they were killed");
    }

    /** They must end, whoever is in a hurry. */
    private static void pause() {
        boolean interrupted = Thread.interrupted();
        try {
            Thread.sleep(BETWEEN);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends everything that is left. */
    @Override
    public void close() {
        alive.forEach(Started::kill);
        guardian.close();
    }
}
