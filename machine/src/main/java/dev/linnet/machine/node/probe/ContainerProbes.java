package dev.linnet.machine.node.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Probes one running container until it is closed: first the startup probe until it passes, then readiness and liveness side
 * by side. Each probe is one virtual thread, which sleeps most of the time. The first question comes at once, so that a
 * container that is ready is seen to be ready.
 */
public final class ContainerProbes implements AutoCloseable {

    /** Hears what the probes find. Called from probe threads, one call at a time; never after the probes were closed. */
    public interface Listener {

        /** Something is different now. */
        void changed(boolean started, boolean ready);

        /** One question was not answered well. */
        void unhealthy(ProbeKind kind, String message);

        /** A probe cannot be asked here. */
        void unsupported(ProbeKind kind, String what);

        /** The container must be restarted: its liveness or startup probe has failed too often. */
        void failed(ProbeKind kind);
    }

    private record Plan(ProbeKind kind, Check check, Probe probe) {
        Duration initialDelay() {
            return seconds(probe.getInitialDelaySeconds(), 0);
        }

        Duration period() {
            return seconds(probe.getPeriodSeconds(), 10);
        }

        Duration timeout() {
            return seconds(probe.getTimeoutSeconds(), 1);
        }

        int successThreshold() {
            return Objects.requireNonNullElse(probe.getSuccessThreshold(), 1);
        }

        int failureThreshold() {
            return Objects.requireNonNullElse(probe.getFailureThreshold(), 3);
        }

        private static Duration seconds(@Nullable Integer value, int usual) {
            return Duration.ofSeconds(value == null || (value == 0 && usual > 0) ? usual : value);
        }
    }

    private final Prober prober;
    private final Listener listener;
    private final Optional<Plan> startup;
    private final Optional<Plan> readiness;
    private final Optional<Plan> liveness;
    private final List<Thread> threads = new ArrayList<>();
    private boolean started;
    private boolean ready;
    private boolean closed;

    public ContainerProbes(Container container, Check.Target target, Prober prober, Listener listener) {
        this.prober = prober;
        this.listener = listener;
        this.startup = plan(ProbeKind.STARTUP, container.getStartupProbe(), target);
        this.readiness = plan(ProbeKind.READINESS, container.getReadinessProbe(), target);
        this.liveness = plan(ProbeKind.LIVENESS, container.getLivenessProbe(), target);
    }

    private static Optional<Plan> plan(ProbeKind kind, @Nullable Probe probe, Check.Target target) {
        if (probe == null) {
            return Optional.empty();
        }
        Check check = Check.of(probe.getHttpGet(), probe.getTcpSocket(), probe.getGrpc(), probe.getExec(), target);
        return Optional.of(new Plan(kind, check, probe));
    }

    /** Begins. Without a startup probe the container counts as started, without a readiness probe as ready then. */
    public void start() {
        if (startup.isPresent()) {
            spawn(startup.get());
        } else {
            hasStarted();
        }
    }

    private synchronized void hasStarted() {
        if (closed) {
            return;
        }
        started = true;
        ready = readiness.isEmpty();
        listener.changed(started, ready);
        readiness.ifPresent(this::spawn);
        liveness.ifPresent(this::spawn);
    }

    private synchronized void spawn(Plan plan) {
        if (closed) {
            return;
        }
        if (plan.check() instanceof Check.Unsupported unsupported) {
            listener.unsupported(plan.kind(), unsupported.what());
        }
        threads.add(Thread.ofVirtual().name("probe").start(() -> run(plan)));
    }

    private void run(Plan plan) {
        try {
            ProbeState state = ProbeState.initially(plan.kind().passesAtFirst());
            Thread.sleep(plan.initialDelay());
            while (true) {
                Prober.Result result = prober.ask(plan.check(), plan.timeout());
                state = state.after(result.success(), plan.successThreshold(), plan.failureThreshold());
                if (!report(plan, state, result)) {
                    return;
                }
                Thread.sleep(plan.period());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether to go on asking. */
    private synchronized boolean report(Plan plan, ProbeState state, Prober.Result result) {
        if (closed) {
            return false;
        }
        if (!result.success()) {
            listener.unhealthy(plan.kind(), result.message());
        }
        return switch (plan.kind()) {
            case STARTUP -> {
                if (state.passing()) {
                    hasStarted();
                    yield false;
                }
                yield goOnUnlessFailed(plan, state);
            }
            case READINESS -> {
                if (ready != state.passing()) {
                    ready = state.passing();
                    listener.changed(started, ready);
                }
                yield true;
            }
            case LIVENESS -> goOnUnlessFailed(plan, state);
        };
    }

    private boolean goOnUnlessFailed(Plan plan, ProbeState state) {
        if (!state.isFailure(plan.failureThreshold())) {
            return true;
        }
        listener.failed(plan.kind());
        return false;
    }

    /** Asks no more. Nothing is heard of these probes afterwards. */
    @Override
    public void close() {
        List<Thread> toEnd;
        synchronized (this) {
            closed = true;
            toEnd = List.copyOf(threads);
        }
        toEnd.forEach(Thread::interrupt);
    }
}
