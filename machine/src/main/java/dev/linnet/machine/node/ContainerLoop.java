package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.command.CommandImage;
import dev.linnet.machine.node.status.BackOff;
import dev.linnet.machine.node.status.ContainerState;
import dev.linnet.machine.node.status.ContainerState.Running;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import dev.linnet.machine.node.status.ContainerView;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The lives of one container: find its image, run it, start it again. {@link #run} tells that as it happens, on one thread;
 * what the Pod's status shows of it is in {@link #view()}.
 */
final class ContainerLoop implements ContainerLife.Observer {
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);

    private final ContainerRole role;
    private final PodVoice voice;
    private final InstantSource clock;
    private final Runnable changed;
    private final CountDownLatch startedOnce = new CountDownLatch(1);
    private volatile ContainerView view;
    private volatile Optional<ContainerLife> life = Optional.empty();

    /**
     * @param first   what is known of it from before
     * @param changed called after each change of the view
     */
    ContainerLoop(ContainerRole role, PodVoice voice, InstantSource clock, ContainerView first, Runnable changed) {
        this.role = role;
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

    @Override
    public void waits(String reason, String message) {
        show(view.waiting(reason, message));
    }

    @Override
    public void runs(Instant since) {
        show(view.running(new Running(since)));
    }

    @Override
    public void probed(boolean started, boolean ready) {
        show(view.probed(started, ready));
    }

    /** Waits until it has started for the first time: what sidecars make others wait for. */
    void awaitStarted() throws InterruptedException {
        startedOnce.await();
    }

    /** Returns when it has ended for good. When interrupted, what runs goes on: see {@link #stop}. */
    void run(Sandbox sandbox) throws InterruptedException {
        if (view.state() instanceof Terminated ended && !role.policy().restartsAfter(ended.exitCode())) {
            return;
        }
        if (view.state() instanceof Terminated) {
            show(view.again("ContainerCreating", "").restarted());
        }
        BackOff backOff = BackOff.none();
        while (true) {
            Image image = awaitImage(sandbox);
            Instant begin = clock.instant();
            ContainerLife next = new ContainerLife(role, view.restarts(), sandbox, voice, this);
            life = Optional.of(next);
            Terminated end = next.run(image);
            show(view.terminated(end).probed(false, !role.probed() && end.exitCode() == 0));
            if (!role.policy().restartsAfter(end.exitCode())) {
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
                .formatted(backOff.text(), role.name(), voice.podText());
        show(view.again("CrashLoopBackOff", message));
        voice.backsOff(role.path(), role.name());
        Thread.sleep(backOff.next());
    }

    private Image awaitImage(Sandbox sandbox) throws InterruptedException {
        Surroundings surroundings = sandbox.surroundings();
        BackOff backOff = BackOff.none().waited();
        for (int attempt = 1; ; attempt++) {
            switch (surroundings.settings().images().find(sandbox.record().pod(), role.container())) {
                case Images.BuiltIn found -> {
                    return found.image();
                }
                case Images.Command command -> {
                    return new CommandImage(
                            command.line(),
                            role.container(),
                            surroundings.processes(),
                            problem -> voice.listensEverywhere(role.path(), problem));
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
            voice.cannotPull(role.path(), role.container().getImage(), advice);
            show(view.waiting("ErrImagePull", advice));
        } else if (attempt == 2) {
            voice.backsOffPulling(role.path(), role.container().getImage());
            show(view.waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"" + role.container().getImage() + "\": ErrImagePull: " + advice));
        }
    }

    private void showRefused(Images.Refused refused) {
        ContainerState now = new ContainerState.Waiting(refused.reason(), refused.message());
        if (!view.state().equals(now)) {
            voice.failed(role.path(), refused.reason() + ": " + refused.message());
            show(view.waiting(refused.reason(), refused.message()));
        }
    }

    /** The next pause between two attempts at something that others must put right. */
    static Duration longer(Duration retry) {
        Duration doubled = retry.multipliedBy(2);
        return doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    private Optional<RunningContainer> running() {
        return life.flatMap(ContainerLife::running);
    }

    /** How to run commands beside what runs now. */
    Optional<Image.Exec> exec() {
        return running().flatMap(RunningContainer::exec);
    }

    /** Whether something runs that {@link #stop} would stop. */
    boolean isRunning() {
        return running().isPresent();
    }

    /** Ends what runs, after {@link #run} has been interrupted and has returned. */
    void stop(Duration grace) throws InterruptedException {
        Optional<ContainerLife> last = life;
        Optional<RunningContainer> left = running();
        if (last.isEmpty() || left.isEmpty()) {
            return;
        }
        Instant startedAt = view.state() instanceof Running since ? since.startedAt() : clock.instant();
        left.get().stop(grace);
        life = Optional.empty();
        show(view.terminated(last.get().ended(left.get().exitCode(), startedAt)));
    }

    Container container() {
        return role.container();
    }

    String path() {
        return role.path();
    }
}
