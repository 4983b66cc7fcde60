package dev.linnet.loadtester.task;

import dev.linnet.loadtester.hey.Hey;
import dev.linnet.loadtester.hey.ProxyEnvironment;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs commands, each to its end or to the time limit, and ends all of them when the load tester ends. */
final class Execution implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final TaskSettings settings;
    private final ProxyEnvironment proxies;
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private final Set<Hey> loads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Execution(TaskSettings settings) {
        this.settings = settings;
        this.proxies = ProxyEnvironment.of(settings.env());
    }

    Finished run(Command command) throws InterruptedException {
        return switch (command) {
            case Command.Program program -> run(program);
            case Command.Load load -> run(load);
        };
    }

    private Finished run(Command.Load load) throws InterruptedException {
        Hey hey = new Hey(load.options(), proxies, settings.timeout());
        loads.add(hey);
        try {
            if (closed) {
                return new Finished("the load tester ends", "");
            }
            return Finished.well(hey.run().text());
        } finally {
            loads.remove(hey);
        }
    }

    private Finished run(Command.Program program) throws InterruptedException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(program.argv())
                    .directory(settings.folder().toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(settings.env());
            process = builder.start();
        } catch (IOException e) {
            return new Finished("cannot start: " + e.getMessage(), "");
        }
        processes.add(process);
        try {
            return wait(process);
        } finally {
            kill(process);
            processes.remove(process);
        }
    }

    private Finished wait(Process process) throws InterruptedException {
        Tail output = new Tail();
        // A read of a pipe would hold on to the carrier of a virtual thread, and two commands stop all others on two
        // cores.
        Thread reader = Thread.ofPlatform().daemon().name("task-output").start(() -> {
            try {
                output.drain(process.getInputStream());
            } catch (IOException e) {
                // The process ended while it was read: what was read counts.
            }
        });
        if (closed || !process.waitFor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            kill(process);
            return new Finished(
                    closed
                            ? "the load tester ends"
                            : "killed after " + settings.timeout().toSeconds() + " s",
                    output.text());
        }
        // A child that it left behind may hold the pipe for ever.
        reader.join(LAST_WORDS);
        int exit = process.exitValue();
        return new Finished(exit == 0 ? "" : "exit status " + exit, output.text());
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        closed = true;
        processes.forEach(Execution::kill);
        loads.forEach(Hey::stop);
    }
}
