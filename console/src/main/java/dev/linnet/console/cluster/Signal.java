package dev.linnet.console.cluster;

import java.time.Duration;

/** Tells whoever waits that something is different now. */
public final class Signal {
    private long changes;

    /** Something has changed. */
    public synchronized void change() {
        changes++;
        notifyAll();
    }

    /** How often something has changed. */
    public synchronized long count() {
        return changes;
    }

    /** Waits for a change after the {@code seen} first ones, or for the time to be over. */
    public synchronized long await(long seen, Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (changes == seen) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return changes;
    }
}
