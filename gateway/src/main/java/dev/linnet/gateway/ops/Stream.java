package dev.linnet.gateway.ops;

import com.sun.net.httpserver.HttpExchange;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots once a second as server-sent events: the first is whole, later ones have only the series that changed.
 * {@code ?route=…} leaves out other routes.
 */
final class Stream {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_READERS = 64;

    private final Supplier<Snapshot> snapshots;
    private final Semaphore readers = new Semaphore(MOST_READERS);

    Stream(Supplier<Snapshot> snapshots) {
        this.snapshots = snapshots;
    }

    void serve(HttpExchange exchange) throws IOException, InterruptedException {
        if (!readers.tryAcquire()) {
            Answer.text(503, "there are " + MOST_READERS + " streams already\n").send(exchange);
            return;
        }
        try {
            stream(exchange, new Query(exchange.getRequestURI().getRawQuery()).first("route"));
        } finally {
            readers.release();
        }
    }

    /** Until the reader goes away, which a write finds out, or the server stops. */
    private void stream(HttpExchange exchange, @Nullable String route) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        Snapshot before = only(route, snapshots.get());
        write(out, before);
        while (true) {
            Thread.sleep(PAUSE);
            Snapshot now = only(route, snapshots.get());
            write(out, now.changedSince(before));
            before = now;
        }
    }

    private static Snapshot only(@Nullable String route, Snapshot snapshot) {
        return route == null ? snapshot : snapshot.ofRoute(route);
    }

    private static void write(OutputStream out, Snapshot snapshot) throws IOException {
        String event = "event: snapshot\ndata: " + SnapshotJson.write(snapshot) + "\n\n";
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
