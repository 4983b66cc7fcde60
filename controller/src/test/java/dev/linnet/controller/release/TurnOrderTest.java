package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.release.TurnOrder.Rank;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TurnOrderTest {
    private final TurnOrder order = new TurnOrder();

    /** However many of those are being taken or wait. */
    @ParameterizedTest
    @CsvSource({"HAS_USERS, UNDER_WAY", "HAS_USERS, RESTS", "UNDER_WAY, RESTS"})
    void whoIsFurtherDoesNotWaitForThoseBehind(Rank further, Rank behind) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Semaphore begun = new Semaphore(0);
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                others.add(threads.submit(() -> order.in(behind, () -> {
                    begun.release();
                    end.await();
                    return taken.incrementAndGet();
                })));
            }
            assertThat(begun.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

            String first =
                    threads.submit(() -> order.in(further, () -> "taken")).get(30, TimeUnit.SECONDS);

            assertThat(first).isEqualTo("taken");
            assertThat(taken).hasValue(0);
            end.countDown();
            for (Future<Integer> other : others) {
                other.get(30, TimeUnit.SECONDS);
            }
            assertThat(taken).hasValue(500);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTurnThatFailsLeavesItsPlaces(Rank rank) throws Exception {
        for (int i = 0; i < 200; i++) {
            try {
                order.in(rank, () -> {
                    throw new IllegalStateException("failed");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("failed");
            }
        }

        assertThat(order.<String>in(rank, () -> "taken")).isEqualTo("taken");
    }
}
