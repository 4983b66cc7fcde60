package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.gateway.net.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request to an endpoint, on a connection that it shares with others. */
final class ServerStream implements UpstreamEnd, WireStream {
    private static final long CHUNKED = -1;

    private final Loop loop;
    private final boolean reused;
    private final Consumer<ByteBuf> toAsker = this::give;
    private Http2Server server;
    private @Nullable Asker asker;
    private @Nullable Http2Stream stream;
    private @Nullable FramedMessage request;
    private Deadlines.@Nullable Deadline deadline;
    private boolean left;
    private boolean toHead;
    private boolean answered;
    private boolean refused;
    private boolean unanswered;
    private long length = CHUNKED;
    private boolean reading = true;
    private int unpaid;

    ServerStream(Http2Server server, Asker asker, boolean reused) {
        this.server = server;
        this.loop = server.net().loop();
        this.asker = asker;
        this.reused = reused;
    }

    void moveTo(Http2Server other) {
        server = other;
    }

    void connected() {
        waitNoLonger();
        if (asker != null) {
            asker.connected();
        }
    }

    void connectFailed() {
        leave();
        Asker waited = asker;
        asker = null;
        if (waited != null) {
            waited.connectFailed();
        }
    }

    @Override
    public boolean isConnected() {
        return server.isReady() && !left;
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public boolean mayRefuse() {
        return true;
    }

    @Override
    public boolean hasRefused() {
        return refused;
    }

    @Override
    public void write(ByteBuf bytes) {
        if (request == null && !begin(bytes)) {
            bytes.release();
            return;
        }
        if (request != null) {
            request.write(bytes, server.requestLines());
        }
    }

    /** False if the connection has no stream left, which its users learn as if it had been closed. */
    private boolean begin(ByteBuf head) {
        if (asker == null || left) {
            return false;
        }
        try {
            Http2Stream begun = server.begin(this);
            stream = begun;
            request = new FramedMessage(server, begun);
            toHead = head.readableBytes() > 4 && head.getInt(head.readerIndex()) == 0x48454144; // "HEAD"
            return true;
        } catch (Http2Exception e) {
            refused = true;
            server.retire();
            server.net().eventLoop().execute(this::closed);
            return false;
        }
    }

    @Override
    public void flush() {
        server.flushSoon();
    }

    @Override
    public boolean isWritable() {
        return stream == null || server.isWritable(stream);
    }

    @Override
    public void read(boolean on) {
        reading = on;
        if (on && unpaid > 0 && stream != null) {
            int paid = unpaid;
            unpaid = 0;
            server.payBack(stream, paid);
        }
    }

    @Override
    public void waitAtMost(long nanos) {
        if (deadline == null) {
            if (left) {
                return;
            }
            deadline = server.net().deadlines().add(this::timedOut);
        }
        deadline.in(nanos);
    }

    @Override
    public void waitNoLonger() {
        if (deadline != null) {
            deadline.never();
        }
    }

    private void timedOut() {
        if (asker != null) {
            unanswered = !answered;
            asker.upstreamTimedOut();
        }
    }

    @Override
    public void shutdownOutput() {
        // only tunnels do, and HTTP/2 has no upgrade
    }

    /** The fields of a response or of its trailers. */
    void fields(FieldList fields, boolean ended) {
        Asker current = asker;
        if (current == null) {
            return;
        }
        if (answered) {
            trailers(current, fields);
            return;
        }
        ResponseHead head = loop.responseHead();
        byte[] bytes = loop.responseBytes();
        int written = server.responseFields()
                .write(fields, ended, toHead, bytes, loop.settings().heads().bytes());
        if (written == 0 || head.scan(bytes, written) != written || (head.isInterim() && ended)) {
            current.badResponse();
            return;
        }
        answered = !head.isInterim();
        length = head.contentLength() >= 0 ? head.contentLength() : CHUNKED;
        current.responseHead(head, Unpooled.EMPTY_BUFFER);
        if (ended && asker != null) {
            asker.upstreamDone(); // there should have been more
        }
    }

    @Override
    public int data(ByteBuf in, int padding, boolean ended) {
        int took = in.readableBytes() + padding;
        if (asker == null) {
            return took;
        }
        if (!answered) {
            asker.badResponse();
            return took;
        }
        if (length == CHUNKED) {
            Chunks.give(in, server, toAsker);
            if (ended) {
                Chunks.giveEnd(FieldList.NONE, server, toAsker);
            }
        } else {
            give(in);
        }
        if (ended && asker != null) {
            asker.upstreamDone(); // there should have been more
        }
        if (reading || asker == null) {
            return took;
        }
        unpaid += took;
        return 0;
    }

    private void give(ByteBuf bytes) {
        if (asker != null && bytes.isReadable()) {
            asker.responseBytes(bytes);
        }
    }

    /** A body whose length was announced has no place for them in HTTP/1.1. */
    private void trailers(Asker current, FieldList fields) {
        if (!Trailers.areSound(fields)) {
            current.badResponse();
        } else if (length == CHUNKED) {
            Chunks.giveEnd(fields, server, toAsker);
        }
        if (asker != null) {
            asker.upstreamDone();
        }
    }

    @Override
    public void readDone() {
        if (asker != null) {
            asker.upstreamReadDone();
        }
    }

    @Override
    public void writabilityChanged() {
        if (asker != null) {
            asker.upstreamWritable();
        }
    }

    @Override
    public void windowGrew() {
        // deadlines are the exchange's
    }

    @Override
    public void resetByPeer(Http2Error error) {
        refused = error == Http2Error.REFUSED_STREAM;
    }

    @Override
    public void closed() {
        refused |= stream != null && stream.id() > server.lastServed();
        leave();
        Asker current = asker;
        asker = null;
        if (current != null) {
            current.upstreamBroken();
        }
    }

    private void leave() {
        if (!left) {
            left = true;
            if (deadline != null) {
                deadline.remove();
                deadline = null;
            }
            server.done(this);
        }
    }

    @Override
    public void release() {
        asker = null;
        waitNoLonger();
        read(true);
        if (stream != null && server.mayWrite(stream)) {
            server.reset(stream, Http2Error.CANCEL); // it has answered, and may never take the rest of the request
        }
    }

    @Override
    public void close() {
        asker = null;
        waitNoLonger();
        if (stream == null) {
            leave();
            return;
        }
        read(true);
        server.reset(stream, Http2Error.CANCEL);
        if (unanswered) {
            server.retire(); // perhaps nobody is there any more
        }
    }
}
