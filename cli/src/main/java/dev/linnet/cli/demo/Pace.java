package dev.linnet.cli.demo;

import java.time.Duration;

/**
 * How fast releases go.
 *
 * @param interval   of the Canary's analysis, as it is written there
 * @param stepWeight of the Canary's analysis
 * @param patience   how long one release may take
 */
record Pace(String interval, int stepWeight, Duration patience) {
    /** So that a good release and a bad one fit into a minute. */
    static final Pace QUICK = new Pace("2s", 10, Duration.ofMinutes(1));

    /** What people write for a release that is meant. */
    static final Pace AS_WRITTEN = new Pace("10s", 5, Duration.ofMinutes(5));
}
