package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.log.ContainerLog;
import dev.linnet.machine.node.log.LogStore;
import dev.linnet.machine.node.probe.ContainerProbes;
import dev.linnet.machine.node.probe.ProbeKind;
import dev.linnet.machine.node.spec.MissingReference;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of a container: it is prepared, started, probed, and ends. */
final class ContainerLife {
    private static final Logger log = LoggerFactory.getLogger(ContainerLife.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    /** Kubernetes lets them take for ever; nothing here does. */
    private static final Duration LONGEST_HOOK = Duration.ofMinutes(10);

    /** Hears how it goes. */
    interface Observer {
        void waits(String reason, String message);

        void runs(Instant since);

        void probed(boolean started, boolean ready);
    }

    private final ContainerRole role;
    private final Sandbox sandbox;
    private final PodVoice voice;
    private final Observer observer;
    private final LogStore.Life life;
    private volatile Optional<RunningContainer> running = Optional.empty();

    /** @param restarts how often the container was started again before */
    ContainerLife(ContainerRole role, int restarts, Sandbox sandbox, PodVoice voice, Observer observer) {
        this.role = role;
        this.life = new LogStore.Life(sandbox.record().uid(), role.name(), restarts);
        this.sandbox = sandbox;
        this.voice = voice;
        this.observer = observer;
    }

    private Container container() {
        return role.container();
    }

    private InstantSource clock() {
        return sandbox.surroundings().clock();
    }

    /** From its start to its end. */
    Terminated run(Image image) throws InterruptedException {
        ContainerLog output = null;
        try {
            output = sandbox.surroundings().logs().begin(life);
            Image.Context context = awaitContext(output);
            Instant startedAt = clock().instant();
            voice.pulled(role.path(), container().getImage());
            RunningContainer started = RunningContainer.start(image, context, output);
            running = Optional.of(started);
            voice.started(role.path(), role.name());
            if (!hasFollowedUp(started)) {
                started.stop(grace());
            }
            return watch(started, startedAt);
        } catch (IOException | ExecutionException e) {
            close(output);
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String problem = Objects.requireNonNullElseGet(cause.getMessage(), cause::toString);
            log.atDebug().addKeyValue("container", role.name()).setCause(cause).log("Container did not start");
            voice.failed(role.path(), problem);
            return new Terminated(
                    RunningContainer.CANNOT_START, "StartError", problem, Instant.EPOCH, clock().instant());
        }
    }

    private static void close(@Nullable ContainerLog output) {
        try {
            if (output != null) {
                output.close();
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Log did not close cleanly");
        }
    }

    private Image.Context awaitContext(ContainerLog output) throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (true) {
            String problem;
            try {
                return sandbox.context(container(), output);
            } catch (MissingReference | IOException | KubernetesClientException e) {
                problem = Objects.requireNonNullElseGet(e.getMessage(), e::toString);
            }
            RunningContainer.throwIfInterrupted();
            voice.failed(role.path(), problem);
            observer.waits("CreateContainerConfigError", problem);
            Thread.sleep(retry);
            retry = ContainerLoop.longer(retry);
        }
    }

    /** Whether what is to be done after the start has been done: else it has not started. */
    private boolean hasFollowedUp(RunningContainer started) throws InterruptedException {
        Optional<LifecycleHandler> hook = Hooks.postStart(container());
        Optional<String> problem = hook.isEmpty()
                ? Optional.empty()
                : new Hooks(sandbox.home().prober())
                        .run(hook.get(), sandbox.target(container(), started.exec()), LONGEST_HOOK);
        problem.ifPresent(what -> voice.failedPostStart(role.path(), what));
        return problem.isEmpty();
    }

    private Terminated watch(RunningContainer started, Instant startedAt) throws InterruptedException {
        observer.runs(startedAt);
        CompletableFuture<ProbeKind> condemned = new CompletableFuture<>();
        try (ContainerProbes probes = new ContainerProbes(
                container(),
                sandbox.target(container(), started.exec()),
                sandbox.home().prober(),
                new Listener(condemned))) {
            if (role.probed()) {
                probes.start();
            }
            started.awaitExitOr(condemned);
        }
        if (!started.hasEnded() && condemned.isDone()) {
            voice.willRestart(role.path(), role.name(), condemned.join());
            end(started, grace(condemned.join()));
        }
        running = Optional.empty();
        return ended(started.exitCode(), startedAt);
    }

    /** What its end looks like, once it has ended. */
    Terminated ended(int exitCode, Instant startedAt) {
        String message = sandbox.terminationMessage(container())
                .read(exitCode, sandbox.surroundings().logs(), life);
        return Terminated.exited(exitCode, message, startedAt, clock().instant());
    }

    private void end(RunningContainer started, Duration grace) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        Optional<LifecycleHandler> hook = Hooks.preStop(container());
        if (hook.isPresent()) {
            new Hooks(sandbox.home().prober())
                    .run(hook.get(), sandbox.target(container(), started.exec()), grace)
                    .ifPresent(problem -> voice.failedPreStop(role.path(), problem));
        }
        started.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    /** A probe may give less time to a container that it condemns than its Pod gives to all. */
    private Duration grace(ProbeKind kind) {
        Probe probe = kind == ProbeKind.STARTUP
                ? container().getStartupProbe()
                : container().getLivenessProbe();
        Long seconds = probe == null ? null : probe.getTerminationGracePeriodSeconds();
        return seconds == null ? grace() : Duration.ofSeconds(seconds);
    }

    private Duration grace() {
        Long seconds = sandbox.record().pod().getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(seconds == null ? 30 : seconds);
    }

    /** What runs, if something does: also after {@link #run} was interrupted. */
    Optional<RunningContainer> running() {
        return running;
    }

    private final class Listener implements ContainerProbes.Listener {
        private final CompletableFuture<ProbeKind> condemned;

        Listener(CompletableFuture<ProbeKind> condemned) {
            this.condemned = condemned;
        }

        @Override
        public void changed(boolean started, boolean ready) {
            observer.probed(started, ready);
        }

        @Override
        public void unhealthy(ProbeKind kind, String message) {
            voice.unhealthy(role.path(), kind, message);
        }

        @Override
        public void unsupported(ProbeKind kind, String what) {
            voice.unsupportedProbe(role.path(), kind, what);
        }

        @Override
        public void failed(ProbeKind kind) {
            condemned.complete(kind);
        }
    }
}
