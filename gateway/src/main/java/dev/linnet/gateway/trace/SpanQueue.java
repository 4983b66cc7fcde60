package dev.linnet.gateway.trace;

import dev.linnet.gateway.trace.SpanCounts.Fate;
import dev.linnet.routing.policy.TracingOptions.Collector;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished spans on their way to a collector, and the thread that hands them over. Event loops put them in and never wait: what finds no place
 * is counted and lost. A collector that fails is asked again after the usual delay, and not for each batch.
 */
final class SpanQueue implements SpanProcessor {
    private static final Logger log = LoggerFactory.getLogger(SpanQueue.class);
    /** The exporter's own deadlines end before. */
    private static final Duration PATIENCE = Tracing.DEADLINE.plusSeconds(5);

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Queue<SpanData> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Collector collector;
    private final SpanExporter exporter;
    private final SpanCounts counts;
    private final Thread thread;
    private volatile boolean ended;
    private boolean broken;

    SpanQueue(Collector collector, SpanExporter exporter, SpanCounts counts) {
        this.collector = collector;
        this.exporter = exporter;
        this.counts = counts;
        this.thread = Thread.ofPlatform().name("linnet-spans").daemon().unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // nothing to do before it is finished
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        int place = size.incrementAndGet();
        if (place > collector.batches().queue() || ended) {
            size.decrementAndGet();
            counts.count(Fate.DROPPED, 1);
            return;
        }
        waiting.add(span.toSpanData());
        if (place == collector.batches().most()) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    private void work() {
        while (!ended) {
            rest();
            do {
                handOver(PATIENCE.toNanos());
            } while (isWorthACall() && !ended);
        }
        sayLastWords();
        counts.count(Fate.DROPPED, size.getAndSet(0));
        exporter.shutdown();
    }

    private void sayLastWords() {
        long until = System.nanoTime() + LAST_WORDS.toNanos();
        for (long left = LAST_WORDS.toNanos(); left > 0 && !waiting.isEmpty() && !broken; ) {
            handOver(left);
            left = until - System.nanoTime();
        }
    }

    private boolean isWorthACall() {
        return !broken && size.get() >= collector.batches().most();
    }

    private void rest() {
        long until = System.nanoTime() + collector.batches().delay().toNanos();
        for (long left = until - System.nanoTime(); left > 0 && !isWorthACall() && !ended; ) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
    }

    private void handOver(long patience) {
        List<SpanData> batch = new ArrayList<>();
        for (SpanData next = waiting.poll(); next != null; next = waiting.poll()) {
            batch.add(next);
            if (batch.size() == collector.batches().most()) {
                break;
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        size.addAndGet(-batch.size());
        CompletableResultCode result = exporter.export(batch).join(patience, TimeUnit.NANOSECONDS);
        if (!result.isSuccess() && !broken) { // perhaps it has only ended an old connection
            result = exporter.export(batch).join(patience, TimeUnit.NANOSECONDS);
        }
        counts.count(result.isSuccess() ? Fate.EXPORTED : Fate.FAILED, batch.size());
        tell(result);
    }

    /** A collector that fails is told of once, until it works again. */
    private void tell(CompletableResultCode result) {
        if (!result.isSuccess() && !broken) {
            log.atWarn()
                    .addKeyValue("collector", collector.host() + ":" + collector.port())
                    .setCause(result.getFailureThrowable())
                    .log("Spans cannot be handed over");
        } else if (result.isSuccess() && broken) {
            log.atInfo()
                    .addKeyValue("collector", collector.host() + ":" + collector.port())
                    .log("Spans are handed over again");
        }
        broken = !result.isSuccess();
    }

    /** Takes no more. What waits is still handed over, within a short time; nobody waits for that but {@link #await}. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }

    /** Waits for the end. */
    void await() {
        try {
            if (!thread.join(LAST_WORDS.plusSeconds(1))) {
                exporter.shutdown(); // which ends what it waits for
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
