package dev.linnet.gateway.ops;

import com.sun.net.httpserver.HttpExchange;
import dev.linnet.numbers.CallReading;
import dev.linnet.numbers.CallReading.Totals;
import dev.linnet.numbers.GraphJson;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers who called whom within a window: {@code ?window=60s} (or {@code 5m}, or a number of seconds), one minute if nothing is said, ten
 * at most. Keeps totals of past moments for that: one for every two seconds of the last minute, and one for every ten before, so that a
 * window begins up to so much earlier than asked for. The answer says when.
 */
public final class Graphs implements AutoCloseable {
    private static final Duration USUAL = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final String gateway;
    private final Supplier<CallReading> readings;
    private final Moments<Totals> past = new Moments<>(LONGEST, Totals::at);
    private final Thread keeper;

    public Graphs(String gateway, Supplier<CallReading> readings) {
        this.gateway = gateway;
        this.readings = readings;
        this.keeper = Thread.ofVirtual().name("linnet-graph").unstarted(this::keep);
    }

    /** Begins to keep. */
    public void start() {
        remember();
        keeper.start();
    }

    private void keep() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                remember();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private synchronized void remember() {
        past.add(readings.get().totals());
    }

    Answer answer(HttpExchange exchange) {
        try {
            Duration window = window(new Query(exchange.getRequestURI().getRawQuery()).first("window"));
            Totals now = readings.get().totals();
            return Answer.json(GraphJson.write(now.since(before(now.at().minus(window)), gateway)));
        } catch (IllegalArgumentException e) {
            return Answer.text(400, e.getMessage() + "\n");
        }
    }

    private synchronized Totals before(Instant moment) {
        return past.before(moment);
    }

    private static Duration window(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return USUAL;
        }
        if (!text.matches("[1-9][0-9]{0,4}[sm]?")) {
            throw new IllegalArgumentException("window is \"" + text + "\" (expected: 1s to 10m)");
        }
        boolean minutes = text.endsWith("m");
        long number = Long.parseLong(text.replaceFirst("[sm]$", ""));
        Duration window = minutes ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
        if (window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("window is \"" + text + "\" (expected: 1s to 10m)");
        }
        return window;
    }

    @Override
    public void close() {
        keeper.interrupt();
    }
}
