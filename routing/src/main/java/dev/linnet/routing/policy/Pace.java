package dev.linnet.routing.policy;

import java.util.concurrent.TimeUnit;

/**
 * How fast the bytes of one answer go to its client (spec of ingress-nginx, §4.4).
 *
 * @param perSecond so many bytes; 0 for as fast as they come
 * @param free      so many bytes of an answer are not counted
 */
public record Pace(long perSecond, long free) {
    /** As fast as they come. */
    public static final Pace ANY = new Pace(0, 0);

    /** Beyond it nobody is slowed down. */
    private static final long FASTEST = 1L << 40;

    public Pace {
        if (perSecond < 0 || perSecond > FASTEST || free < 0) {
            throw new IllegalArgumentException("pace is " + perSecond + " bytes a second after " + free
                    + " (expected: nothing negative, and at most " + FASTEST + ")");
        }
    }

    public boolean isLimited() {
        return perSecond > 0;
    }

    /** How much may go at once: that of a second, which is what an answer has at its begin. */
    public int atOnce() {
        return (int) Math.min(perSecond, Integer.MAX_VALUE);
    }

    /**
     * How long an answer has to wait before more of it may go.
     *
     * @param sent    bytes so far
     * @param elapsed since its begin, in nanoseconds
     * @return nanoseconds; 0 if it need not wait
     */
    public long pause(long sent, long elapsed) {
        if (!isLimited() || sent <= free) {
            return 0;
        }
        double seconds = (double) (sent - free) / perSecond - 1;
        return Math.max(0, (long) (seconds * TimeUnit.SECONDS.toNanos(1)) - elapsed);
    }
}
