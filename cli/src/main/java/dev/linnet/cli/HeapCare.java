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
        Heap heap = new Heap();
        try {
            while (true) {
                Thread.sleep(PAUSE);
                if (heap.isDue(used())) {
                    System.gc();
                    heap.collected(used());
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

    /** How much was used at each look. */
    static final class Heap {
        /** Bytes; whoever uses so much more or less than at the look before does something. */
        private static final long STILL = 2L << 20;

        /** Looks in a row without a change: of a process that does much, some look alike by chance. */
        private static final int QUIET = 10;

        /** Looks between two collections that only rest is the reason for. */
        private static final int REST = 30;

        private long lived;
        private long before;
        private boolean wasBusy;
        private int still;
        private int looks;

        /**
         * Whether looking for what has died is worth the pause: once half as much again has come, and when it becomes quiet, because more lives
         * while there is much to do.
         *
         * @param used bytes, dead or alive
         */
        boolean isDue(long used) {
            long more = used - before;
            wasBusy |= more > STILL;
            still = Math.abs(more) > STILL ? 0 : still + 1;
            before = used;
            looks++;
            return used > lived + lived / 2 + ROOM || (wasBusy && still >= QUIET && looks >= REST);
        }

        /** @param left bytes that live */
        void collected(long left) {
            lived = left;
            before = left;
            wasBusy = false;
            still = 0;
            looks = 0;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
