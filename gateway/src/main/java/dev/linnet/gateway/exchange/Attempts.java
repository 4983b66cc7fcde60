package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Balancer;
import dev.linnet.gateway.balance.Candidates;
import dev.linnet.gateway.balance.Load;
import dev.linnet.gateway.balance.Stickiness;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Side;
import dev.linnet.routing.policy.Retries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints of the chosen side are asked, and whether another one is (spec of ingress-nginx, §3.6). A request that may have
 * reached an endpoint is sent again only if that does no harm (RFC 9110 §9.2.2).
 */
final class Attempts {
    private final Exchange exchange;
    private final Upstreams upstreams;
    private final Asker asker;
    private final Loop loop;
    private @Nullable SideState side;
    private @Nullable Session session;
    private @Nullable Load load;
    private @Nullable InFlight inFlight;
    private @Nullable Place place;
    private int key;
    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private UpstreamEnd upstream = NoUpstream.NONE;
    private @Nullable Endpoint last;
    private Candidates ready = Candidates.NONE;
    private List<Endpoint> tried = List.of();
    private int tries;
    private int mostTries = 1;
    private Retries retries = Retries.DEFAULT;
    private long pause;
    private long within = Long.MAX_VALUE;
    private long firstAsked;
    private Manner manner = Manner.PLAIN;
    private boolean secure;
    private boolean http2;
    private boolean sent;
    private boolean wasStale;
    private long connectNanos;
    private long sendNanos;
    private long readNanos;

    Attempts(Exchange exchange, Loop loop, Upstreams upstreams, Asker asker) {
        this.exchange = exchange;
        this.loop = loop;
        this.upstreams = upstreams;
        this.asker = asker;
    }

    /** Settles the side. False if it has no endpoints. What the choice needs of the head is taken now: it will not be here later. */
    boolean choose(Side chosen, SideState state, RequestHead head) {
        secure = exchange.caller().isTls();
        http2 = exchange.isHttp2();
        if (!settle(chosen, state)) {
            return false;
        }
        session = state.sessions()
                .map(sessions -> sessions.of(head, exchange.caller(), exchange))
                .orElse(null);
        key = session == null ? state.key(state.balancer().keyed(), head, exchange) : 0;
        return true;
    }

    private boolean settle(Side chosen, SideState state) {
        Optional<Manner> found = state.manner(loop.tls(), secure, http2);
        Candidates candidates = state.ready();
        if (found.isEmpty() || candidates.isEmpty()) {
            return false; // what was settled before stays: its answer may still be on its way
        }
        manner = found.get();
        Rule.Limits limits = chosen.rule().limits();
        connectNanos =
                UpstreamEnd.nanos(state.endpoints().policy().pool().connect().orElse(limits.connect()));
        sendNanos = UpstreamEnd.nanos(limits.send());
        readNanos = UpstreamEnd.nanos(limits.read());
        side = state;
        ready = candidates;
        retries = chosen.rule().policy().relay().retries();
        within = retries.likeIstio() && retries.within().isPositive()
                ? retries.within().toNanos()
                : Long.MAX_VALUE;
        mostTries = tries + (limits.tries() == Integer.MAX_VALUE ? ready.size() : limits.tries());
        return true;
    }

    /**
     * Settles another side, of which nobody has been asked yet, and asks it. It ties nobody to an endpoint: the head is gone. False if it
     * cannot serve at once: then all stays as it is, since what the endpoint has answered that was asked may be passed on.
     */
    boolean openOther(Side chosen, SideState state) {
        Optional<Manner> how = state.manner(loop.tls(), secure, http2);
        if (how.isEmpty() || state.ready().isEmpty()) {
            return false;
        }
        Place there = state.endpoints().places().ask(shares(how.get()), () -> {});
        if (there.standing() != Place.Standing.ADMITTED
                || !settle(chosen, state)) { // who has waited once does not wait again
            there.leave();
            return false;
        }
        leave();
        place = there;
        session = null;
        mostTries -= tries;
        tries = 0;
        tried = List.of();
        last = null;
        wasStale = false;
        return open();
    }

    /** Whether an endpoint may have got the request. */
    boolean wasSent() {
        return sent;
    }

    /** Settles another side, for another request. False if it has no endpoints. */
    boolean chooseAnother(Side chosen, SideState state, RequestHead other) {
        if (!choose(chosen, state, other)) {
            return false;
        }
        close();
        leave();
        forgetHead();
        tried = List.of();
        sent = false;
        wasStale = false;
        return true;
    }

    void useHead(ByteBuf edited) {
        head = edited;
    }

    UpstreamEnd upstream() {
        return upstream;
    }

    /**
     * Asks for a place among the requests that the side is busy with. It is kept until {@link #leave}.
     *
     * @param called by whichever event loop, once its turn has come, if that is later
     */
    Place.Standing enter(Runnable called) {
        Places places = side().endpoints().places();
        if (!places.areCounted()) {
            return Place.Standing.ADMITTED;
        }
        place = places.ask(shares(manner), called);
        return place.standing();
    }

    /** Whether a connection serves several requests at the same time. */
    private static boolean shares(Manner manner) {
        return manner instanceof Manner.Http2;
    }

    /** Gives up waiting for a place, or the place. */
    void leave() {
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    /** The first endpoint is asked now. */
    void begin() {
        firstAsked = loop.nanoTime();
        open();
    }

    /** Asks an endpoint of those that there were when the side was settled. False if all of them have failed. */
    boolean open() {
        SideState chosen = side();
        Balancer balancer = chosen.balancer();
        boolean counts = session == null && balancer.countsLoad();
        int next = session == null
                ? balancer.next(ready, tried, key, counts ? loop.nanoTime() : 0)
                : session.next(ready, tried);
        if (next == Stickiness.NONE) {
            return false;
        }
        tries++;
        load = counts ? ready.load(next) : null;
        connect(ready.get(next), false);
        return true;
    }

    private SideState side() {
        if (side == null) {
            throw new IllegalStateException("no side was chosen");
        }
        return side;
    }

    private void connect(Endpoint endpoint, boolean fresh) {
        close();
        last = endpoint;
        inFlight = load == null ? null : new InFlight(load, loop);
        upstream = upstreams.open(endpoint, manner, fresh, asker);
        if (!upstream.isConnected()) {
            upstream.waitAtMost(Math.min(connectNanos, left()));
        }
    }

    /** @param lines that this endpoint is told besides, each with its end */
    void sendHead(byte[] lines) {
        sent = true;
        if (inFlight != null) {
            inFlight.connected();
        }
        head.readerIndex(0);
        upstream.write(lines.length == 0 ? head.retain() : loop.heads().with(head, lines));
    }

    /**
     * Asks again after a failure, if that is allowed, or after a pause. If not, the endpoint that was asked stays: what it answers may be
     * the best there is.
     *
     * @param harmless whether an endpoint may get the request twice, and all of it is still here
     * @param another  whether this failure is a reason to ask another endpoint
     */
    boolean openAgain(Failure failure, boolean harmless, boolean another) {
        boolean stale = failure == Failure.RESET && upstream.isReused() && !wasStale;
        Endpoint failed = last;
        if (failed != null && !stale && side().endpoints().isWatched()) {
            side().endpoints().failed(failed, failure, loop.nanoTime());
        }
        if (sent && !harmless) {
            return false;
        }
        if (stale && failed != null) {
            wasStale = true; // a kept connection that was closed meanwhile says nothing about the endpoint
            connect(failed, true);
            return true;
        }
        if (!another) {
            return false;
        }
        if (failed != null) {
            tried = new ArrayList<>(tried);
            tried.add(failed);
        }
        long wait = retries.backoff().isZero()
                ? 0
                : retries.pause(tries, loop.random().nextDouble()).toNanos();
        ready = side().ready();
        if (tries >= mostTries || ready.isEmpty() || wait >= left() || (place != null && !place.mayRetry())) {
            return false;
        }
        if (wait == 0) {
            return openNext();
        }
        close();
        pause = wait;
        return true;
    }

    /** So long has to be waited before {@link #openAfterPause}; zero if an endpoint is being asked. */
    long pauseNanos() {
        return pause;
    }

    /** Asks again. False if all endpoints are gone. */
    boolean openAfterPause() {
        pause = 0;
        ready = side().ready();
        return openNext();
    }

    /** One that has not failed yet, if there is any. */
    private boolean openNext() {
        if (open()) {
            return true;
        }
        tried = List.of();
        return retries.likeIstio() && open();
    }

    /** The endpoint that is being asked. */
    Endpoint endpoint() {
        if (last == null) {
            throw new IllegalStateException("no endpoint was asked");
        }
        return last;
    }

    /** The Service that it belongs to. */
    ServiceRef service() {
        return side().side().backend();
    }

    /** Whether another endpoint would be asked instead of the one that has answered. */
    boolean mayOpenAgain(boolean harmless) {
        return harmless && tries < mostTries && !side().ready().isEmpty();
    }

    /** How many endpoints were asked. */
    int count() {
        return tries;
    }

    long sendNanos() {
        return sendNanos;
    }

    /** Between two reads of an answer. */
    long readNanos() {
        return readNanos;
    }

    /** Until the answer begins. */
    long answerNanos() {
        return Math.min(readNanos, left());
    }

    /** Of the time that a rule gives all attempts together. */
    private long left() {
        return within == Long.MAX_VALUE ? within : Math.max(1, within - (loop.nanoTime() - firstAsked));
    }

    /** The endpoint has begun to answer. */
    void answered(int status) {
        if (last != null && side != null && side.endpoints().isWatched()) {
            side.endpoints().answered(last, status, loop.nanoTime());
        }
        if (inFlight != null) {
            inFlight.answered();
        }
    }

    private void endFlight() {
        if (inFlight != null) {
            inFlight.end();
            inFlight = null;
        }
    }

    void release() {
        endFlight();
        UpstreamEnd done = upstream;
        upstream = NoUpstream.NONE;
        int most = side().endpoints().policy().pool().requestsPerConnection();
        if (most > 0 && done.exchanges() >= most) {
            done.close();
        } else {
            done.release();
        }
    }

    void close() {
        endFlight();
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
