package dev.linnet.gateway.exchange;

import dev.linnet.numbers.Failure;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Side;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of the chosen side are asked, and whether another one is (spec of ingress-nginx, §3.6). A request that may have
 * reached an endpoint is sent again only if that does no harm (RFC 9110 §9.2.2).
 */
final class Attempts {
    private final Upstreams upstreams;
    private final Asker asker;
    private @Nullable Rotation rotation;
    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private UpstreamEnd upstream = NoUpstream.NONE;
    private @Nullable Endpoint last;
    private List<Endpoint> ready = List.of();
    private List<Endpoint> tried = List.of();
    private int tries;
    private int mostTries = 1;
    private Manner manner = Manner.PLAIN;
    private boolean sent;
    private boolean wasStale;
    private long connectNanos;
    private long sendNanos;
    private long readNanos;

    Attempts(Upstreams upstreams, Asker asker) {
        this.upstreams = upstreams;
        this.asker = asker;
    }

    /** Settles the side. False if it has no endpoints. */
    boolean choose(Side side, Loop loop) {
        manner = loop.manner(side);
        Rule.Limits limits = side.rule().limits();
        connectNanos = nanos(limits.connect().toNanos());
        sendNanos = nanos(limits.send().toNanos());
        readNanos = nanos(limits.read().toNanos());
        mostTries = limits.tries();
        rotation = loop.rotation(side.backend());
        ready = rotation.ready();
        return !ready.isEmpty();
    }

    private static long nanos(long wanted) {
        return wanted > 0 ? wanted : TimeUnit.DAYS.toNanos(1);
    }

    void useHead(ByteBuf edited) {
        head = edited;
    }

    UpstreamEnd upstream() {
        return upstream;
    }

    /** Asks the first endpoint, of those that there were when the side was settled. */
    void open() {
        tries++;
        connect(turns().next(ready, tried), false);
    }

    private Rotation turns() {
        if (rotation == null) {
            throw new IllegalStateException("no side was chosen");
        }
        return rotation;
    }

    private void connect(Endpoint endpoint, boolean fresh) {
        last = endpoint;
        upstream = upstreams.open(endpoint, manner, fresh, asker);
        if (!upstream.isConnected()) {
            upstream.waitAtMost(connectNanos);
        }
    }

    void sendHead() {
        sent = true;
        upstream.write(head.readerIndex(0).retain());
    }

    /**
     * Asks again after a failure, if that is allowed.
     *
     * @param harmless whether an endpoint may get the request twice, and all of it is still here
     */
    boolean openAgain(Failure failure, boolean harmless) {
        boolean stale = failure == Failure.RESET && upstream.isReused() && !wasStale;
        close();
        if (sent && !harmless) {
            return false;
        }
        Endpoint failed = last;
        if (stale && failed != null) {
            wasStale = true; // a kept connection that was closed meanwhile says nothing about the endpoint
            connect(failed, true);
            return true;
        }
        if (failed != null) {
            tried = new ArrayList<>(tried);
            tried.add(failed);
        }
        ready = turns().ready();
        if (tries >= mostTries || ready.isEmpty()) {
            return false;
        }
        open();
        return true;
    }

    /** How many endpoints were asked. */
    int count() {
        return tries;
    }

    long sendNanos() {
        return sendNanos;
    }

    long readNanos() {
        return readNanos;
    }

    void release() {
        UpstreamEnd done = upstream;
        upstream = NoUpstream.NONE;
        done.release();
    }

    void close() {
        UpstreamEnd done = upstream;
        upstream = NoUpstream.NONE;
        done.close();
    }

    /** The head is not needed any more. */
    void forgetHead() {
        head.release();
        head = Unpooled.EMPTY_BUFFER;
    }
}
