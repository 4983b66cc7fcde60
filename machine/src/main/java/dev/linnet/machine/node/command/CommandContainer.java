package dev.linnet.machine.node.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A running command. It has ended when its first process has; whatever that leaves behind is killed. */
final class CommandContainer implements Image.Container {
    /** The pipe is empty by then, unless a process has got away with its end of it. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    private static final Duration FIRST_LOOK = Duration.ofMillis(500);
    private static final Duration LAST_LOOK = Duration.ofSeconds(30);
    /** Of a probe's or hook's command, as kubelet keeps. */
    private static final int MOST_OUTPUT = 10 * 1024;

    private final Processes processes;
    private final Processes.Launch launch;
    private final Processes.Started started;
    private final Output output;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final AtomicInteger execs = new AtomicInteger();

    private CommandContainer(Processes processes, Processes.Launch launch, OutputStream log) throws IOException {
        this.processes = processes;
        this.launch = launch;
        this.started = processes.start(launch);
        this.output = Output.carry(launch.owner(), started.process().getInputStream(), log);
    }

    /** @param everywhere hears of each port that it takes on all addresses, once */
    static CommandContainer start(
            Processes processes, Processes.Launch launch, OutputStream log, Consumer<Listening> everywhere)
            throws IOException {
        CommandContainer container = new CommandContainer(processes, launch, log);
        Thread watch = Thread.ofVirtual().name("listening " + launch.owner()).start(() -> container.watch(everywhere));
        Thread.ofVirtual().name("exit " + launch.owner()).start(() -> container.awaitEnd(watch));
        return container;
    }

    /** Often at first, when programs begin to listen. */
    private void watch(Consumer<Listening> everywhere) {
        Set<Integer> told = new HashSet<>();
        try {
            for (Duration pause = FIRST_LOOK;
                    ;
                    pause = pause.compareTo(LAST_LOOK) < 0 ? pause.multipliedBy(2) : pause) {
                Thread.sleep(pause);
                for (Listening each : Listening.everywhere(started.members())) {
                    if (told.add(each.port())) {
                        everywhere.accept(each);
                    }
                }
            }
        } catch (InterruptedException _) {
            // The container has ended.
        }
    }

    private void awaitEnd(Thread watch) {
        try {
            int code = started.process().waitFor();
            watch.interrupt();
            started.kill();
            output.await(LAST_OUTPUT);
            exit.complete(code);
        } catch (InterruptedException e) {
            exit.completeExceptionally(e);
        }
    }

    @Override
    public void stop(Duration grace) {
        if (!grace.isZero()) {
            // Through the handle: the process itself would close the streams too, and lose what is said at the end.
            started.process().toHandle().destroy();
        }
        try {
            int _ = exit.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException _) {
            started.kill();
        }
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public Optional<Image.Exec> exec() {
        return Optional.of(new Image.Exec() {
            @Override
            public Image.Ended run(List<String> command, Duration timeout) throws IOException, InterruptedException {
                return CommandContainer.this.run(command, timeout);
            }

            @Override
            public Image.Dialogue start(List<String> command) throws IOException {
                return CommandDialogue.start(processes, beside(command));
            }
        });
    }

    private Processes.Launch beside(List<String> command) {
        return launch.beside(command, "/exec-" + execs.incrementAndGet());
    }

    private Image.Ended run(List<String> command, Duration timeout) throws IOException, InterruptedException {
        Processes.Started beside = processes.start(beside(command));
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        Output all = Output.carry(launch.owner(), beside.process().getInputStream(), new Beginning(kept));
        boolean ended;
        try {
            ended = beside.process().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            beside.kill();
        }
        all.await(LAST_OUTPUT);
        if (!ended) {
            throw new IOException("command \"" + String.join(" ", command) + "\" timed out");
        }
        synchronized (kept) {
            return new Image.Ended(beside.process().exitValue(), kept.toString(UTF_8));
        }
    }

    /** Takes the first bytes and lets the others go. */
    private static final class Beginning extends OutputStream {
        private final ByteArrayOutputStream kept;

        Beginning(ByteArrayOutputStream kept) {
            this.kept = kept;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            synchronized (kept) {
                kept.write(bytes, offset, Math.min(length, MOST_OUTPUT - kept.size()));
            }
        }
    }
}
