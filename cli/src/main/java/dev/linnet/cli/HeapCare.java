package dev.linnet.cli;

import java.time.Duration;

/**
 * Keeps the heap of a process that runs for days near what lives in it. Left alone, the serial collector looks at its old generation only when
 * the heap cannot grow any more, which is at a quarter of the machine's memory: until then everything stays that has outlived the young
 * generation by chance. A gateway by itself does without: it makes next to nothing that gets old, and would answer late for a moment.
 */
public final class HeapCare implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** For the young generation, and for what is about to die. */
    private static final long ROOM = 48L << 20;

    private final Thread thread = Thread.ofVirtual().name("heap-care").unstarted(this::run);

    private HeapCare() {}

    /** Takes care until it is closed. */
    public static HeapCare start() {
        HeapCare care = new HeapCare();
        care.thread.start();
        return care;
    }

    private void run() {
        long lived = 0;
        try {
            while (true) {
                Thread.sleep(PAUSE);
                if (isDue(used(), lived)) {
                    System.gc();
                    lived = used();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /**
     * Whether looking for what has died is worth the pause.
     *
     * @param used  bytes, dead or alive
     * @param lived what was left of them the last time
     */
    static boolean isDue(long used, long lived) {
        return used > lived + lived / 2 + ROOM;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
