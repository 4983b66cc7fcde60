package dev.linnet.machine.node.stats;

import java.time.Instant;

/**
 * One life of a container.
 *
 * @param life tells it from earlier lives, whose processor time is none of its own
 */
public record MeasuredContainer(Pod pod, String name, int life) {

    /** Whose container it is, and since when that Pod has been here. */
    public record Pod(String namespace, String name, String uid, String node, Instant startedAt) {}
}
