package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.ClientEnd;
import dev.linnet.gateway.exchange.Exchange;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.net.Deadlines;
import dev.linnet.numbers.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a client: one request and its response. What the client sends while the exchange does not read is taken note of and
 * not paid back to the stream's window, so the client stops by itself and the other streams go on.
 */
final class ClientStream implements ClientEnd, WireStream {
    private static final long CHUNKED = -1;

    private final Http2Client connection;
    private final Http2Stream stream;
    private final Loop loop;
    private final Exchange exchange;
    private final FramedMessage response;
    private Deadlines.@Nullable Deadline deadline;
    private long left = CHUNKED;
    private boolean requestEnded;
    private boolean over;
    private boolean reading = true;
    private int unpaid;
    private boolean progressed;
    private Http2Error farewell = Http2Error.NO_ERROR;

    ClientStream(Http2Client connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
        this.loop = connection.net().loop();
        this.response = new FramedMessage(connection, stream);
        this.exchange = new Exchange(loop, connection.net().upstreams(), this);
    }

    /** @param ended whether no body follows */
    void begin(RequestFields translated, FieldList fields, boolean ended) {
        requestEnded = ended;
        RequestHead head = loop.requestHead();
        byte[] bytes = loop.requestBytes();
        Rejection why =
                translated.write(fields, ended, bytes, loop.settings().heads().bytes());
        int length = translated.length();
        if (why == Rejection.NONE && head.scan(bytes, length) != length) {
            why = head.rejection() == Rejection.NONE ? Rejection.FIELD : head.rejection();
        }
        if (why == Rejection.NONE && ended && head.contentLength() > 0) {
            why = Rejection.CONTENT_LENGTH;
        }
        if (why != Rejection.NONE) {
            malformed(why);
            return;
        }
        if (head.method() == Method.HEAD) {
            response.withoutBody();
        }
        left = head.contentLength() >= 0 ? head.contentLength() : CHUNKED;
        exchange.begin(head, length, Unpooled.EMPTY_BUFFER);
    }

    /** Refuses what Netty has not even shown us. */
    void refuseTooLarge() {
        requestEnded = true;
        response.withoutBodyOrLength();
        exchange.refuse(Rejection.HEAD_TOO_LARGE);
    }

    private void malformed(Rejection why) {
        farewell = Http2Error.PROTOCOL_ERROR;
        exchange.refuse(why);
    }

    @Override
    public int data(ByteBuf in, int padding, boolean ended) {
        int length = in.readableBytes();
        int took = length + padding;
        requestEnded |= ended;
        if (over) {
            return took;
        }
        if (left == CHUNKED) {
            Chunks.give(in, connection, exchange::requestBytes);
            if (ended) {
                Chunks.giveEnd(FieldList.NONE, connection, exchange::requestBytes);
            }
        } else if (length > left || (ended && length < left)) {
            malformed(Rejection.CONTENT_LENGTH);
        } else {
            left -= length;
            exchange.requestBytes(in);
        }
        if (reading || over) {
            return took;
        }
        unpaid += took;
        return 0;
    }

    /** Trailers, which end the request. A body whose length was announced has no place for them in HTTP/1.1. */
    void trailers(FieldList fields) {
        requestEnded = true;
        if (over) {
            return;
        }
        if (!Trailers.areSound(fields)) {
            malformed(Rejection.TRAILER);
        } else if (left > 0) {
            malformed(Rejection.CONTENT_LENGTH);
        } else if (left == CHUNKED) {
            Chunks.giveEnd(fields, connection, exchange::requestBytes);
        }
    }

    @Override
    public void readDone() {
        if (!over) {
            exchange.clientReadDone();
        }
    }

    @Override
    public void writabilityChanged() {
        progressed = true;
        if (!over) {
            exchange.clientWritable();
        }
    }

    @Override
    public void windowGrew() {
        progressed = true;
    }

    @Override
    public void resetByPeer(Http2Error error) {
        // whatever the reason
    }

    @Override
    public void closed() {
        if (deadline != null) {
            deadline.remove();
            deadline = null;
        }
        if (!over) {
            exchange.clientGone();
        }
    }

    void stop() {
        exchange.stop();
    }

    @Override
    public boolean isHttp2() {
        return true;
    }

    @Override
    public Caller caller() {
        return connection.caller();
    }

    @Override
    public void write(ByteBuf bytes) {
        response.write(bytes, connection.responseLines());
    }

    @Override
    public void flush() {
        connection.flushSoon();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable(stream);
    }

    @Override
    public void read(boolean on) {
        reading = on;
        if (on && unpaid > 0) {
            int paid = unpaid;
            unpaid = 0;
            connection.payBack(stream, paid);
        }
    }

    @Override
    public boolean keepsAlive() {
        return true; // a stream is never used again, and its end says nothing about the connection
    }

    @Override
    public void waitAtMost(long nanos) {
        if (deadline == null) {
            if (connection.hasClosed(stream)) {
                return;
            }
            deadline = connection.net().deadlines().add(this::timedOut);
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
        if (!over) {
            exchange.clientTimedOut();
        } else if (progressed) {
            progressed = false;
            waitAtMost(loop.settings().sendTimeout().toNanos());
        } else {
            connection.reset(stream, Http2Error.CANCEL);
        }
    }

    @Override
    public void becomesTunnel() {
        throw new IllegalStateException("HTTP/2 has no upgrade");
    }

    @Override
    public void shutdownOutput() {
        // only tunnels do
    }

    @Override
    public void finished(Ending ending) {
        over = true;
        read(true);
        if (ending == Ending.ABORT || !response.isWhole()) {
            connection.reset(stream, farewell == Http2Error.NO_ERROR ? Http2Error.INTERNAL_ERROR : farewell);
        } else if (!requestEnded) {
            response.whenSent(() -> connection.reset(stream, farewell)); // the client may keep the rest
        }
        if (connection.mayWrite(stream)) {
            progressed = false;
            waitAtMost(loop.settings().sendTimeout().toNanos());
        }
        connection.flushSoon();
    }
}
