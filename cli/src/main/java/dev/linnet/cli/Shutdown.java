package dev.linnet.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM, for commands that run until then. */
public final class Shutdown {
    private Shutdown() {}

    /**
     * Opens {@code over} when the process is asked to end, and lets it end once {@code closed} is open.
     *
     * @param deadline after which it ends all the same, and says so
     */
    public static void onSignal(CountDownLatch over, CountDownLatch closed, Duration deadline) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    over.countDown();
                    try {
                        if (!closed.await(deadline.toSeconds(), TimeUnit.SECONDS)) {
                            System.err.println("linnet: not everything ended within " + deadline.toSeconds() + " s");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
    }
}
