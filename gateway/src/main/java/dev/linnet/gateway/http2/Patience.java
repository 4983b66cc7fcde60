package dev.linnet.gateway.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.function.LongSupplier;

/**
 * How much a peer may ask of us that gets nobody's request any further: pings, settings, resets, empty frames. It is used up by such
 * frames and comes back with time and with honest traffic, so a busy peer may send many of them and an idle one few. Rapid resets
 * (CVE-2023-44487, CVE-2025-8671) and floods of control frames (CVE-2019-9511 to 9518) end in {@code ENHANCE_YOUR_CALM}.
 */
final class Patience {
    /** What a frame costs that makes us answer or look something up. */
    static final int CONTROL = 1;
    /** What a frame costs that has no use at all. */
    static final int USELESS = 4;
    /** What a reset costs, the peer's own or one that it provokes: a request was begun for nothing. */
    static final int RESET = 5;

    private static final int MOST = 1000;
    private static final long NANOS_EACH = 10_000_000;

    private final LongSupplier nanoTime;
    private long left = MOST;
    private long since;

    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** @throws Http2Exception that ends the connection, if there is not as much left */
    void spend(int cost) throws Http2Exception {
        left -= cost;
        if (left >= 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        left = Math.min(MOST, left + (now - since) / NANOS_EACH);
        since = now;
        if (left < 0) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many frames that lead to nothing");
        }
    }

    /** Something useful has happened. */
    void earn(int gain) {
        left = Math.min(MOST, left + gain);
    }
}
