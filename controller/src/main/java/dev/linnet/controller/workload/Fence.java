package dev.linnet.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Whether this controller still is the one that acts for a Canary. A leader that was paused may wake up long after another one has taken over;
 * what it then reads is fresh, so resourceVersions alone would let it write what it had decided before.
 */
@FunctionalInterface
public interface Fence {
    /** Nobody else acts. */
    Fence OPEN = () -> {};

    /** @throws Changed if somebody else has acted since this one decided */
    void check() throws Changed;

    /**
     * Something was written.
     *
     * @param now as the API server has it since
     */
    default void wrote(HasMetadata now) {}
}
