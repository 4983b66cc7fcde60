package dev.linnet.machine.node.status;

import java.time.Duration;

/**
 * How long a container waits before its next start: not at all the first time, then 10 s, 20 s, … up to five minutes; from
 * the beginning after it ran well for ten minutes. These are kubelet's numbers.
 */
public record BackOff(Duration next) {

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LAST = Duration.ofMinutes(5);
    private static final Duration RAN_WELL = Duration.ofMinutes(10);

    /** Nothing has failed yet. */
    public static BackOff none() {
        return new BackOff(Duration.ZERO);
    }

    /** After an end, before the wait. */
    public BackOff endedAfter(Duration run) {
        return run.compareTo(RAN_WELL) >= 0 ? none() : this;
    }

    /** After the wait. */
    public BackOff waited() {
        if (next.isZero()) {
            return new BackOff(FIRST);
        }
        Duration doubled = next.multipliedBy(2);
        return new BackOff(doubled.compareTo(LAST) < 0 ? doubled : LAST);
    }

    /** As kubelet prints it in Events and statuses: {@code 1m20s}. */
    public String text() {
        return (next.toMinutes() > 0 ? next.toMinutes() + "m" : "") + next.toSecondsPart() + "s";
    }
}
