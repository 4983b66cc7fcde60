package dev.linnet.machine.node;

import java.time.Duration;

/**
 * How long a Pod that is to end keeps serving, so that those who sent it requests can hear of it first. On other clusters
 * people write a {@code preStop} hook for that.
 *
 * @param longest to wait for endpoint slices to take it off; not waited when none lists it
 * @param settle  to wait at least, for those who follow the slices to follow
 */
public record DrainTimes(Duration longest, Duration settle) {

    /** Enough for watches on one machine. */
    public static DrainTimes usual() {
        return new DrainTimes(Duration.ofSeconds(1), Duration.ofMillis(250));
    }
}
