package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.command.CommandImage;
import dev.linnet.machine.node.log.ContainerLog;
import dev.linnet.machine.node.log.LogStore;
import dev.linnet.machine.node.probe.ContainerProbes;
import dev.linnet.machine.node.probe.ProbeKind;
import dev.linnet.machine.node.spec.MissingReference;
import dev.linnet.machine.node.status.BackOff;
import dev.linnet.machine.node.status.ContainerState;
import dev.linnet.machine.node.status.ContainerState.Running;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import dev.linnet.machine.node.status.ContainerView;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one container: find its image, prepare it, run it, probe it, start it again. {@link #run} tells that as it
 * happens, on one thread; what the Pod's status shows of it is in {@link #view()}.
 */
final class ContainerLoop {
    private static final Logger log = LoggerFactory.getLogger(ContainerLoop.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);

    private final Container container;
    private final String path;
    private final RestartPolicy policy;
    private final boolean probed;
    private final PodVoice voice;
    private final InstantSource clock;
    private final Runnable changed;
    private final CountDownLatch startedOnce = new CountDownLatch(1);
    private volatile ContainerView view;
    private volatile Optional<RunningContainer> running = Optional.empty();

    /**
     * @param path    of the container in its Pod, {@code spec.containers{app}}
     * @param probed  false for init containers: what counts of them is how they end
     * @param first   what is known of it from before
     * @param changed called after each change of the view
     */
    ContainerLoop(
            Container container,
            String path,
            RestartPolicy policy,
            boolean probed,
            PodVoice voice,
            InstantSource clock,
            ContainerView first,
            Runnable changed) {
        this.container = container;
        this.path = path;
        this.policy = policy;
        this.probed = probed;
        this.voice = voice;
        this.clock = clock;
        this.view = first;
        this.changed = changed;
    }

    ContainerView view() {
        return view;
    }

    private void show(ContainerView now) {
        view = now;
        if (now.started()) {
            startedOnce.countDown();
        }
        changed.run();
    }

    /** Shows why the container does not run yet. */
    void showWaiting(String reason) {
        show(view.waiting(reason, ""));
    }

    /** Waits until it has started for the first time: what sidecars make others wait for. */
    void awaitStarted() throws InterruptedException {
        startedOnce.await();
    }

    /** Returns when it has ended for good. When interrupted, what runs goes on: see {@link #stop}. */
    void run(Sandbox sandbox) throws InterruptedException {
        if (view.state() instanceof Terminated ended && !policy.restartsAfter(ended.exitCode())) {
            return;
        }
        if (view.state() instanceof Terminated) {
            show(view.again("ContainerCreating", "").restarted());
        }
        BackOff backOff = BackOff.none();
        while (true) {
            Image image = awaitImage(sandbox);
            Instant begin = clock.instant();
            Terminated end = live(sandbox, image);
            show(view.terminated(end).probed(false, !probed && end.exitCode() == 0));
            if (!policy.restartsAfter(end.exitCode())) {
                return;
            }
            backOff = backOff.endedAfter(Duration.between(begin, clock.instant()));
            await(backOff);
            backOff = backOff.waited();
            show(view.again("ContainerCreating", "").restarted());
        }
    }

    private void await(BackOff backOff) throws InterruptedException {
        if (backOff.next().isZero()) {
            return;
        }
        String message = "back-off %s restarting failed container=%s pod=%s"
                .formatted(backOff.text(), container.getName(), voice.podText());
        show(view.again("CrashLoopBackOff", message));
        voice.backsOff(path, container.getName());
        Thread.sleep(backOff.next());
    }

    private Image awaitImage(Sandbox sandbox) throws InterruptedException {
        Surroundings surroundings = sandbox.surroundings();
        BackOff backOff = BackOff.none().waited();
        for (int attempt = 1; ; attempt++) {
            switch (surroundings.settings().images().find(sandbox.record().pod(), container)) {
                case Images.BuiltIn found -> {
                    return found.image();
                }
                case Images.Command command -> {
                    return new CommandImage(command.line(), container, surroundings.processes());
                }
                case Images.Nothing nothing -> showNothing(nothing.advice(), attempt);
                case Images.Refused refused -> showRefused(refused);
            }
            Thread.sleep(backOff.next());
            backOff = backOff.waited();
        }
    }

    private void showNothing(String advice, int attempt) {
        if (attempt == 1) {
            voice.cannotPull(path, container.getImage(), advice);
            show(view.waiting("ErrImagePull", advice));
        } else if (attempt == 2) {
            voice.backsOffPulling(path, container.getImage());
            show(view.waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"" + container.getImage() + "\": ErrImagePull: " + advice));
        }
    }

    private void showRefused(Images.Refused refused) {
        ContainerState now = new ContainerState.Waiting(refused.reason(), refused.message());
        if (!view.state().equals(now)) {
            voice.failed(path, refused.reason() + ": " + refused.message());
            show(view.waiting(refused.reason(), refused.message()));
        }
    }

    /** From one start to its end. */
    private Terminated live(Sandbox sandbox, Image image) throws InterruptedException {
        ContainerLog output = null;
        try {
            output = sandbox.surroundings()
                    .logs()
                    .begin(new LogStore.Life(sandbox.record().uid(), container.getName(), view.restarts()));
            Image.Context context = awaitContext(sandbox, output);
            Instant startedAt = clock.instant();
            voice.pulled(path, container.getImage());
            RunningContainer started = RunningContainer.start(image, context, output);
            running = Optional.of(started);
            voice.started(path, container.getName());
            return watch(started, sandbox, startedAt);
        } catch (IOException | ExecutionException e) {
            close(output);
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String problem = Objects.requireNonNullElseGet(cause.getMessage(), cause::toString);
            log.atDebug()
                    .addKeyValue("container", container.getName())
                    .setCause(cause)
                    .log("Container did not start");
            voice.failed(path, problem);
            return new Terminated(RunningContainer.CANNOT_START, "StartError", problem, Instant.EPOCH, clock.instant());
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

    private Image.Context awaitContext(Sandbox sandbox, ContainerLog output) throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (true) {
            String problem;
            try {
                return sandbox.context(container, output);
            } catch (MissingReference | IOException | KubernetesClientException e) {
                problem = Objects.requireNonNullElseGet(e.getMessage(), e::toString);
            }
            RunningContainer.throwIfInterrupted();
            voice.failed(path, problem);
            show(view.waiting("CreateContainerConfigError", problem));
            Thread.sleep(retry);
            retry = longer(retry);
        }
    }

    /** The next pause between two attempts at something that others must put right. */
    static Duration longer(Duration retry) {
        Duration doubled = retry.multipliedBy(2);
        return doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    private Terminated watch(RunningContainer started, Sandbox sandbox, Instant startedAt) throws InterruptedException {
        show(view.running(new Running(startedAt)));
        CompletableFuture<ProbeKind> condemned = new CompletableFuture<>();
        try (ContainerProbes probes = new ContainerProbes(
                container,
                sandbox.target(container, started.exec()),
                sandbox.home().prober(),
                new Listener(condemned))) {
            if (probed) {
                probes.start();
            }
            started.awaitExitOr(condemned);
        }
        if (!started.hasEnded() && condemned.isDone()) {
            voice.willRestart(path, container.getName(), condemned.join());
            started.stop(grace(sandbox));
        }
        running = Optional.empty();
        return Terminated.exited(started.exitCode(), startedAt, clock.instant());
    }

    private static Duration grace(Sandbox sandbox) {
        Long seconds = sandbox.record().pod().getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(seconds == null ? 30 : seconds);
    }

    /** How to run commands beside what runs now. */
    Optional<Image.Exec> exec() {
        return running.flatMap(RunningContainer::exec);
    }

    /** Whether something runs that {@link #stop} would stop. */
    boolean isRunning() {
        return running.isPresent();
    }

    /** Ends what runs, after {@link #run} has been interrupted and has returned. */
    void stop(Duration grace) throws InterruptedException {
        Optional<RunningContainer> left = running;
        if (left.isEmpty()) {
            return;
        }
        Instant startedAt = view.state() instanceof Running since ? since.startedAt() : clock.instant();
        left.get().stop(grace);
        running = Optional.empty();
        show(view.terminated(Terminated.exited(left.get().exitCode(), startedAt, clock.instant())));
    }

    Container container() {
        return container;
    }

    String path() {
        return path;
    }

    private final class Listener implements ContainerProbes.Listener {
        private final CompletableFuture<ProbeKind> condemned;

        Listener(CompletableFuture<ProbeKind> condemned) {
            this.condemned = condemned;
        }

        @Override
        public void changed(boolean started, boolean ready) {
            show(view.probed(started, ready));
        }

        @Override
        public void unhealthy(ProbeKind kind, String message) {
            voice.unhealthy(path, kind, message);
        }

        @Override
        public void unsupported(ProbeKind kind, String what) {
            voice.unsupportedProbe(path, kind, what);
        }

        @Override
        public void failed(ProbeKind kind) {
            condemned.complete(kind);
        }
    }
}
