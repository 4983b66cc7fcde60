package dev.linnet.machine.node.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What containers used for some time.
 *
 * @param window     how long, until {@code at}
 * @param containers those that ran all that time
 */
record Reading(Instant at, Duration window, Map<MeasuredContainer, Rate> containers) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    Reading {
        containers = Map.copyOf(containers);
    }

    /** All containers at one moment. */
    record Sample(Instant at, Map<MeasuredContainer, Usage> containers) {
        Sample {
            containers = Map.copyOf(containers);
        }
    }

    /**
     * @param nanoCores processor time per time, in billionths
     * @param now       in all
     */
    record Rate(long nanoCores, Usage now) {}

    static Reading between(Sample before, Sample after) {
        Duration window = Duration.between(before.at(), after.at());
        Map<MeasuredContainer, Rate> rates = new LinkedHashMap<>();
        after.containers()
                .forEach((container, usage) -> Optional.ofNullable(
                                before.containers().get(container))
                        .ifPresent(earlier -> rates.put(container, rate(earlier, usage, window))));
        return new Reading(after.at(), window, rates);
    }

    /** Never negative: the time of children whom their parent has not waited for is lost with them. */
    private static Rate rate(Usage before, Usage after, Duration window) {
        long used = Math.max(0, after.cpu().minus(before.cpu()).toNanos());
        return new Rate((long) ((double) used * NANOS_PER_SECOND / Math.max(1, window.toNanos())), after);
    }
}
