package dev.linnet.rollout.run;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a run stands in time.
 *
 * @param step     how often traffic has changed in all runs: no two steps of a Canary have the same number
 * @param since    when the last step began or the last check was made; {@link #AT_ONCE} if the next is due
 * @param failedAt when a failed check was last counted
 * @param passed   whether the last check passed, so that only gates are between here and the next step
 */
public record Clock(int step, Instant since, Instant failedAt, boolean passed) {
    public static final Instant AT_ONCE = Instant.EPOCH;
    public static final Clock START = new Clock(0, AT_ONCE, AT_ONCE, false);

    /** How long until the next check is due; zero if it is. A clock that was set back makes nobody wait longer than one interval. */
    public Duration untilDue(Instant now, Duration interval) {
        Duration passedBy = Duration.between(since, now);
        if (passedBy.isNegative()) {
            return interval;
        }
        Duration left = interval.minus(passedBy);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public Clock stepped(Instant now) {
        return new Clock(step + 1, now, failedAt, false);
    }

    /** For the next run. */
    public Clock restarted() {
        return new Clock(step + 1, AT_ONCE, AT_ONCE, false);
    }

    public Clock failed(Instant now) {
        return new Clock(step, since, now, passed);
    }

    public Clock checked(Instant now, boolean hasPassed) {
        return new Clock(step, now, failedAt, hasPassed);
    }
}
