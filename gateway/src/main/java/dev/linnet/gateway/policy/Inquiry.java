package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule.Limits;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question without a body to one endpoint. What it answers beyond its head is read and dropped, so that the connection can be used
 * again; if that is much, or takes long, the connection is closed instead.
 */
final class Inquiry implements Asker {
    private static final int MOST_DROPPED = 64 * 1024;
    private static final long DROP_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_INTERIM = 8;

    private final Loop loop;
    private final Endpoint endpoint;
    private final Manner manner;
    private final byte[] head;
    private final Method method;
    private final Limits limits;
    private final Consumer<Reply> then;
    private @Nullable UpstreamEnd upstream;
    private boolean retried;
    private boolean told;
    private final Dropped rest = new Dropped(MOST_DROPPED);
    private int interim;

    /** What became of it. */
    sealed interface Reply {
        /** The head is valid within the call only. */
        record Answered(ResponseHead head) implements Reply {}

        record Failed(Failure failure) implements Reply {}
    }

    Inquiry(
            Loop loop,
            Endpoint endpoint,
            Manner manner,
            byte[] head,
            Method method,
            Limits limits,
            Consumer<Reply> then) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.manner = manner;
        this.head = head;
        this.method = method;
        this.limits = limits;
        this.then = then;
    }

    /** Asks. The reply comes later, never from within this call. */
    void ask() {
        open(false);
    }

    private void open(boolean fresh) {
        UpstreamEnd opened = loop.workplace().upstreams().open(endpoint, manner, fresh, this);
        upstream = opened;
        if (opened.isConnected()) {
            send(opened);
        } else {
            opened.waitAtMost(limits.connect());
        }
    }

    /** Nobody wants to know any more. */
    void abandon() {
        told = true;
        close();
    }

    private void send(UpstreamEnd to) {
        to.write(loop.buffer(head.length).writeBytes(head));
        to.flush();
        to.waitAtMost(limits.read());
    }

    @Override
    public void connected() {
        if (upstream != null) {
            send(upstream);
        }
    }

    @Override
    public void responseHead(ResponseHead response, ByteBuf in) {
        if (response.isInterim()) {
            interim++;
            if (interim > MOST_INTERIM) {
                failed(Failure.BAD_RESPONSE);
            }
            return;
        }
        if (response.status() == 101) {
            failed(Failure.BAD_RESPONSE);
            return;
        }
        rest.begin(response, method);
        if (upstream != null) {
            upstream.waitAtMost(DROP_NANOS);
        }
        tell(new Reply.Answered(response));
        drop(in);
    }

    @Override
    public void responseBytes(ByteBuf in) {
        drop(in);
    }

    private void drop(ByteBuf in) {
        switch (rest.take(in)) {
            case READ_ON -> {}
            case RELEASE -> release();
            case CLOSE -> close();
        }
    }

    private void release() {
        UpstreamEnd done = upstream;
        upstream = null;
        if (done != null) {
            done.waitNoLonger();
            done.release();
        }
    }

    private void failed(Failure failure) {
        boolean stale = failure == Failure.RESET && upstream != null && upstream.isReused() && !retried && !told;
        close();
        if (stale) {
            retried = true;
            open(true);
        } else {
            tell(new Reply.Failed(failure));
        }
    }

    private void tell(Reply reply) {
        if (!told) {
            told = true;
            then.accept(reply);
        }
    }

    private void close() {
        UpstreamEnd done = upstream;
        upstream = null;
        if (done != null) {
            done.close();
        }
    }

    @Override
    public void connectFailed() {
        failed(Failure.CONNECT);
    }

    @Override
    public void upstreamReadDone() {}

    @Override
    public void upstreamWritable() {}

    @Override
    public void upstreamDone() {
        failed(Failure.RESET);
    }

    @Override
    public void upstreamBroken() {
        failed(Failure.RESET);
    }

    @Override
    public void badResponse() {
        failed(Failure.BAD_RESPONSE);
    }

    @Override
    public void upstreamTimedOut() {
        failed(upstream != null && upstream.isConnected() ? Failure.READ_TIMEOUT : Failure.CONNECT_TIMEOUT);
    }
}
