package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that has been started, and the care that foreign code needs: it may hang wherever it is called. */
final class RunningContainer {
    private static final Logger log = LoggerFactory.getLogger(RunningContainer.class);

    /** The exit code of a container that could not be started, as other runtimes give it. */
    static final int CANNOT_START = 128;

    /** The exit code of a container that did not end when it was told to. */
    private static final int KILLED = 137;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration BEYOND_GRACE = Duration.ofSeconds(1);

    private final String name;
    private final Image.Container container;

    private RunningContainer(String name, Image.Container container) {
        this.name = name;
        this.container = container;
    }

    /**
     * Starts it and waits until it runs. When the wait is interrupted, or too long, the container is ended as soon as it has
     * started.
     *
     * @param output closed when the container has ended
     * @throws ExecutionException when it cannot start, with the reason as cause
     */
    static RunningContainer start(Image image, Image.Context context, OutputStream output)
            throws ExecutionException, InterruptedException {
        CompletableFuture<Image.Container> starting = new CompletableFuture<>();
        String name = context.namespace() + "/" + context.pod() + "/" + context.container();
        Thread.ofVirtual().name("start " + name).start(() -> start(image, context, starting));
        try {
            Image.Container started = starting.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            var _ = started.exit().whenComplete((_, _) -> close(output));
            return new RunningContainer(name, started);
        } catch (TimeoutException e) {
            abandon(starting);
            throw new ExecutionException(
                    new IOException("did not start within " + START_TIMEOUT.toSeconds() + " s", e));
        } catch (InterruptedException e) {
            abandon(starting);
            throw e;
        }
    }

    private static void start(Image image, Image.Context context, CompletableFuture<Image.Container> starting) {
        try {
            starting.complete(image.start(context));
        } catch (Throwable e) {
            // Also errors: what an image does wrong must not end the machine.
            starting.completeExceptionally(e);
        }
    }

    private static void abandon(CompletableFuture<Image.Container> starting) {
        var _ = starting.thenAccept(late -> late.stop(Duration.ZERO));
    }

    private static void close(OutputStream output) {
        try {
            output.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Log did not close cleanly");
        }
    }

    /** How to run commands beside it, where there are commands. */
    Optional<Image.Exec> exec() {
        return container.exec();
    }

    boolean hasEnded() {
        return container.exit().isDone();
    }

    /** Waits until it ends by itself, or something else happens. */
    void awaitExitOr(CompletableFuture<?> other) throws InterruptedException {
        try {
            CompletableFuture.anyOf(container.exit(), other).get();
        } catch (ExecutionException e) {
            log.atDebug().addKeyValue("container", name).setCause(e).log("Container failed");
        }
    }

    /** Tells it to end and waits, for not much longer than the grace period. */
    void stop(Duration grace) throws InterruptedException {
        Thread.ofVirtual().name("stop " + name).start(() -> container.stop(grace));
        try {
            container.exit().get(grace.plus(BEYOND_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.atWarn().addKeyValue("container", name).log("Container does not end, it is left alone");
        } catch (ExecutionException e) {
            log.atDebug().addKeyValue("container", name).setCause(e).log("Container failed while it ended");
        }
    }

    /** How it ended; that of a killed one when it has not. */
    int exitCode() {
        if (!hasEnded()) {
            return KILLED;
        }
        return container.exit().isCompletedExceptionally()
                ? 1
                : container.exit().join();
    }

    /** Calls that hide an interruption in an exception of their own leave the flag: this makes it count again. */
    static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
