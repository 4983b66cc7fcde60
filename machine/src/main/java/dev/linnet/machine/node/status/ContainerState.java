package dev.linnet.machine.node.status;

import java.time.Instant;

/** What a container is doing, in Kubernetes' three words. */
public sealed interface ContainerState {

    /**
     * Not running, and not because it has ended for good.
     *
     * @param reason {@code ContainerCreating}, {@code CrashLoopBackOff}…
     */
    record Waiting(String reason, String message) implements ContainerState {
        public static Waiting because(String reason) {
            return new Waiting(reason, "");
        }
    }

    record Running(Instant startedAt) implements ContainerState {}

    /**
     * Has ended.
     *
     * @param reason {@code Completed}, {@code Error}, {@code StartError}
     */
    record Terminated(int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
            implements ContainerState {
        /** Ended by itself or stopped: its exit code says how it went. */
        public static Terminated exited(int exitCode, String message, Instant startedAt, Instant finishedAt) {
            return new Terminated(exitCode, exitCode == 0 ? "Completed" : "Error", message, startedAt, finishedAt);
        }
    }
}
