package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.BodyCopy;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.exchange.Workplace.Errand;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.gateway.policy.Mirrored.Fate;
import dev.linnet.numbers.Method;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule.Limits;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a request. It never makes the original wait: what it cannot send at once it keeps, up to a limit, and what is more than
 * that ends it. Whatever is answered is read and dropped.
 */
final class MirroredRequest implements Asker, BodyCopy, Errand {
    /** How far a copy may lag behind. */
    static final int MOST_KEPT = 256 * 1024;

    private static final long MOST_DROPPED = 64L << 20;
    private static final int MOST_INTERIM = 8;

    private final Loop loop;
    private final Limits limits;
    private final Method method;
    private final Ending ending;
    private final Dropped rest = new Dropped(MOST_DROPPED);
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(2);
    private Optional<ByteBuf> head;
    private int waitingBytes;
    private @Nullable UpstreamEnd upstream;
    private @Nullable Endpoint endpoint;
    private Manner manner = Manner.PLAIN;
    private boolean retried;
    private boolean hadBody;
    private boolean complete;
    private boolean answered;
    private boolean over;
    private int interim;
    private int status;

    /** Is told once what has become of a copy. */
    @FunctionalInterface
    interface Ending {
        /** @param status what was answered; 0 if nobody has answered */
        void isOver(Fate fate, int status);
    }

    /**
     * A copy whose endpoint is not known yet.
     *
     * @param head belongs to it
     */
    MirroredRequest(Loop loop, Limits limits, Method method, ByteBuf head, Ending ending) {
        this.loop = loop;
        this.limits = limits;
        this.method = method;
        this.head = Optional.of(head);
        this.ending = ending;
        loop.workplace().begin(this);
    }

    @Override
    public void abandon() {
        end(Fate.FAILED);
    }

    /** Nobody is there to be sent to. */
    void unaddressed() {
        end(Fate.FAILED);
    }

    void sendTo(Endpoint found, Manner spoken) {
        if (!over) {
            endpoint = found;
            manner = spoken;
            open(false);
        }
    }

    private void open(boolean fresh) {
        UpstreamEnd opened =
                loop.workplace().upstreams().open(Optional.ofNullable(endpoint).orElseThrow(), manner, fresh, this);
        upstream = opened;
        if (opened.isConnected()) {
            begin(opened);
        } else {
            opened.waitAtMost(limits.connect());
        }
    }

    @Override
    public void connected() {
        if (upstream != null) {
            begin(upstream);
        }
    }

    private void begin(UpstreamEnd to) {
        head.ifPresent(bytes -> to.write(bytes.retainedDuplicate()));
        push(to);
    }

    private void push(UpstreamEnd to) {
        while (to.isWritable() && !waiting.isEmpty()) {
            ByteBuf next = waiting.poll();
            waitingBytes -= next.readableBytes();
            to.write(next);
        }
        to.flush();
        to.waitAtMost(waiting.isEmpty() ? limits.read() : limits.send());
    }

    @Override
    public void piece(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        hadBody = true;
        waitingBytes += bytes.readableBytes();
        waiting.add(bytes);
        if (upstream != null && upstream.isConnected()) {
            push(upstream);
        }
        if (waitingBytes > MOST_KEPT) {
            end(Fate.TOO_SLOW);
        }
    }

    @Override
    public void complete() {
        complete = true;
        if (answered) {
            release();
        }
    }

    @Override
    public void over() {
        if (!complete) {
            end(Fate.CUT_SHORT);
        }
    }

    @Override
    public void responseHead(ResponseHead response, ByteBuf in) {
        if (response.isInterim()) {
            interim++;
            if (interim > MOST_INTERIM) {
                end(Fate.FAILED);
            }
            return;
        }
        if (response.status() == 101) {
            end(Fate.FAILED);
            return;
        }
        status = response.status();
        rest.begin(response, method);
        drop(in);
    }

    @Override
    public void responseBytes(ByteBuf in) {
        drop(in);
    }

    private void drop(ByteBuf in) {
        switch (rest.take(in)) {
            case READ_ON -> {}
            case RELEASE -> {
                answered = true;
                if (complete) {
                    release();
                }
            }
            case CLOSE -> end(Fate.ANSWERED);
        }
    }

    /** The connection is good for another, if all was sent. */
    private void release() {
        UpstreamEnd done = upstream;
        if (done != null && waiting.isEmpty()) {
            upstream = null;
            done.waitNoLonger();
            done.release();
        }
        end(Fate.ANSWERED);
    }

    private void broken() {
        boolean stale = upstream != null && upstream.isReused() && !retried && !hadBody && !answered;
        if (stale) { // a kept connection that was closed meanwhile says nothing about the endpoint
            retried = true;
            closeUpstream();
            open(true);
        } else {
            end(Fate.FAILED);
        }
    }

    private void end(Fate fate) {
        if (over) {
            return;
        }
        over = true;
        loop.workplace().end(this);
        closeUpstream();
        head.ifPresent(ByteBuf::release);
        head = Optional.empty();
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        ending.isOver(fate, status);
    }

    private void closeUpstream() {
        UpstreamEnd done = upstream;
        upstream = null;
        if (done != null) {
            done.close();
        }
    }

    @Override
    public void upstreamWritable() {
        if (upstream != null) {
            push(upstream);
        }
    }

    @Override
    public void upstreamReadDone() {}

    @Override
    public void connectFailed() {
        end(Fate.FAILED);
    }

    @Override
    public void upstreamDone() {
        broken();
    }

    @Override
    public void upstreamBroken() {
        broken();
    }

    @Override
    public void badResponse() {
        end(Fate.FAILED);
    }

    @Override
    public void upstreamTimedOut() {
        end(Fate.FAILED);
    }
}
