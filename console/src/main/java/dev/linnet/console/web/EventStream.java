package dev.linnet.console.web;

import dev.linnet.console.cluster.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the parts of a page that have changed, as server-sent events: at once, and at most five times a second. Where there is nothing to send,
 * a sign of life comes every few seconds: a page that hears none knows that its connection is dead, which TCP may not tell it for hours.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    static final int MOST = 100;
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(200);
    private static final int TICKS_BETWEEN_SIGNS = 4;

    /** After so long without a sign a page looks for another connection: three may be lost, or late. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final byte[] SIGN = event("alive", String.valueOf(PATIENCE.toMillis()));

    private final Signal changes;
    private final Semaphore places = new Semaphore(MOST);
    private volatile boolean closing;

    EventStream(Signal changes) {
        this.changes = changes;
    }

    /**
     * Serves until the reader goes away, which a write finds out, or may look no longer.
     *
     * @return whether there was a place for one more
     */
    boolean serve(Response response, LiveParts parts, BooleanSupplier allowed) throws InterruptedException {
        if (!places.tryAcquire()) {
            parts.close();
            return false;
        }
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        response.getHeaders().put("X-Accel-Buffering", "no");
        try (parts;
                OutputStream out = Content.Sink.asOutputStream(response)) {
            send(out, parts, allowed);
        } catch (IOException _) {
            // the reader has gone
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("a live page ends; its browser will ask for it again");
        } finally {
            places.release();
        }
        return true;
    }

    private void send(OutputStream out, LiveParts parts, BooleanSupplier allowed)
            throws IOException, InterruptedException {
        Map<String, String> sent = new HashMap<>();
        int silent = 0;
        out.write(SIGN);
        out.flush();
        while (!closing && allowed.getAsBoolean()) {
            long seen = changes.count();
            boolean news = false;
            for (Map.Entry<String, String> part : parts.now().entrySet()) {
                if (!part.getValue().equals(sent.put(part.getKey(), part.getValue()))) {
                    out.write(event(part.getKey(), part.getValue()));
                    news = true;
                }
            }
            silent = news ? 0 : silent + 1;
            if (silent >= TICKS_BETWEEN_SIGNS) {
                out.write(SIGN);
                silent = 0;
            }
            out.flush();
            Thread.sleep(BREATH);
            changes.await(seen, TICK);
        }
    }

    private static byte[] event(String name, String text) {
        StringBuilder event = new StringBuilder(text.length() + 64);
        event.append("event: ").append(name).append('\n');
        text.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
        return event.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Lets all readers go. */
    void close() {
        closing = true;
        changes.change();
    }
}
