package dev.linnet.gateway.log;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.GlobalPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One event loop's part of the access log. Only {@link #lines} and {@link #dropped} are for other threads. */
public final class LoopLog {
    private static final int MOST_KEPT = 256;
    private static final int MOST_ENDPOINTS = 10_000;

    private final AccessLog log;
    private final RandomGenerator random;
    private final LogClock clock;
    private final Batches batches = new Batches();
    private final Line line = new Line();
    private final Deque<LogEntry> free = new ArrayDeque<>();
    private final Map<Endpoint, byte[]> endpoints = new HashMap<>();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    LoopLog(AccessLog log, RandomGenerator random, LogClock clock) {
        this.log = log;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Where the facts of a new exchange are collected; null while there is no log, and nothing need be collected.
     *
     * @param options in force at this moment
     */
    public @Nullable LogEntry begin(GlobalPolicy.AccessLog options) {
        AccessLog.InForce inForce = log.inForce(options);
        if (inForce.off()) {
            return null;
        }
        LogEntry known = free.pollFirst();
        LogEntry entry = known == null ? new LogEntry(this, inForce) : known;
        entry.begin(inForce);
        return entry;
    }

    void write(LogEntry entry) {
        if (entry.inForce().wants(entry)) {
            clock.tick();
            entry.format.write(entry, line);
            if (!batches.hasRoom(line.length())) {
                tick();
            }
            AtomicLong counter = batches.add(line.bytes(), line.length()) ? lines : dropped;
            counter.setOpaque(counter.getPlain() + 1);
        }
        if (free.size() < MOST_KEPT) {
            free.addFirst(entry);
        }
    }

    /** To be called a few times a second: hands over what was written meanwhile. */
    public void tick() {
        if (batches.publish()) {
            log.wake();
        }
    }

    Batches batches() {
        return batches;
    }

    LogClock clock() {
        return clock;
    }

    long random() {
        return random.nextLong();
    }

    byte[] textOf(Endpoint endpoint) {
        byte[] known = endpoints.get(endpoint);
        if (known != null) {
            return known;
        }
        if (endpoints.size() >= MOST_ENDPOINTS) {
            endpoints.clear();
        }
        byte[] text = endpoint.toString().getBytes(StandardCharsets.US_ASCII);
        endpoints.put(endpoint, text);
        return text;
    }

    long lines() {
        return lines.getOpaque();
    }

    long dropped() {
        return dropped.getOpaque();
    }
}
