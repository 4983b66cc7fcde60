package dev.linnet.machine.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WorkQueueTest {
    private final AtomicLong now = new AtomicLong();
    private final WorkQueue<String> queue = new WorkQueue<>(now::get);

    @Test
    void handsOutAKeyOnceHoweverOftenItWasAdded() throws Exception {
        queue.add("a");
        queue.add("b");
        queue.add("a");

        assertThat(queue.take()).contains("a");
        assertThat(queue.take()).contains("b");
        assertNothingIsReady();
    }

    @Test
    void neverGivesOneKeyToTwoWorkersButBringsItBackWhenItChangedMeanwhile() throws Exception {
        queue.add("a");
        assertThat(queue.take()).contains("a");

        queue.add("a");
        assertNothingIsReady();

        queue.done("a");
        assertThat(queue.take()).contains("a");
    }

    @Test
    void waitsForTheEarliestOfSeveralDelays() throws Exception {
        queue.addAfter("a", Duration.ofSeconds(60));
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(30));

        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(queue.take()).contains("a");
        queue.done("a");

        now.addAndGet(Duration.ofSeconds(100).toNanos());
        assertNothingIsReady();
    }

    @Test
    void waitsLongerAfterEachFailureUntilOneSucceeds() throws Exception {
        assertThat(queue.retry("a")).isEqualTo(1);
        now.addAndGet(WorkQueue.backOff(1).toNanos());
        assertThat(queue.take()).contains("a");
        queue.done("a");
        assertThat(queue.retry("a")).isEqualTo(2);

        queue.forget("a");
        assertThat(queue.retry("a")).isEqualTo(1);
        assertThat(WorkQueue.backOff(2)).isGreaterThan(WorkQueue.backOff(1));
        assertThat(WorkQueue.backOff(1_000)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void letsWaitingWorkersGoWhenItCloses() throws Exception {
        CompletableFuture<Optional<String>> taken = new CompletableFuture<>();
        Thread worker = Thread.ofVirtual().start(() -> {
            try {
                taken.complete(queue.take());
            } catch (InterruptedException interrupted) {
                taken.completeExceptionally(interrupted);
            }
        });

        queue.close();

        assertThat(taken.get(5, TimeUnit.SECONDS)).isEmpty();
        worker.join();
    }

    /** A marker comes out next only if nothing else was ready. */
    private void assertNothingIsReady() throws InterruptedException {
        queue.add("marker");
        assertThat(queue.take()).contains("marker");
        queue.done("marker");
    }
}
