package dev.linnet.gateway.http2;

import dev.linnet.gateway.net.Deadlines;
import dev.linnet.gateway.net.NetLoop;
import dev.linnet.gateway.net.PeerFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What HTTP/2 connections of both kinds have in common: a channel, streams of ours beside Netty's, one flush for many of them. */
abstract class Http2Wire extends Http2ConnectionHandler {
    private static final Logger log = LoggerFactory.getLogger(Http2Wire.class);

    protected final Http2Loop http2;
    protected final NetLoop net;
    protected final SocketChannel channel;
    protected final Patience patience;
    private final int connectionWindow;
    protected final Deadlines.Deadline deadline;
    private final Http2Connection.PropertyKey key;
    private final List<WireStream> touched = new ArrayList<>();
    private final Runnable flushNow = this::flushNow;
    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean flushDue;
    private boolean windowOpened;
    private boolean closing;

    Http2Wire(Http2Loop http2, SocketChannel channel, Codec codec) {
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.http2 = http2;
        this.net = http2.net();
        this.channel = channel;
        this.patience = codec.patience();
        this.connectionWindow = codec.connectionWindow();
        this.deadline = net.deadlines().add(this::timedOut);
        this.key = connection().newKey();
    }

    /** To be called once, when the connection is made: tells Netty whom to tell. */
    final void listen() {
        decoder().frameListener(new WireFrames(this));
        encoder().flowController().listener(this::writabilityChanged);
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                WireStream closed = ours(stream);
                if (closed != null) {
                    closed.closed();
                }
                if (connection().numActiveStreams() == 0 && !closing) {
                    nothingUnderWay();
                }
            }
        });
    }

    protected abstract void timedOut();

    /** The last stream has ended. */
    protected abstract void nothingUnderWay();

    /** Fields of a message, or its trailers. */
    abstract void fieldsRead(Http2Stream stream, FieldList fields, boolean ended);

    /** Netty's stream becomes one of ours. */
    protected final void attach(Http2Stream stream, WireStream ours) {
        stream.setProperty(key, ours);
    }

    protected final @Nullable WireStream ours(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    protected final List<WireStream> openStreams() {
        List<WireStream> open = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                WireStream ours = ours(stream);
                if (ours != null) {
                    open.add(ours);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException("collecting streams cannot fail", e);
        }
        return open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
        openWindow(added);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) throws Exception {
        super.channelActive(active);
        openWindow(active);
    }

    /** Once our settings are sent. */
    private void openWindow(ChannelHandlerContext active) throws Http2Exception {
        if (!windowOpened && active.channel().isActive()) {
            windowOpened = true;
            Http2Stream all = connection().connectionStream();
            int missing = connectionWindow - decoder().flowController().initialWindowSize(all);
            decoder().flowController().incrementWindowSize(all, missing);
            active.flush();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object message) throws Exception {
        if (closing) {
            ReferenceCountUtil.release(message);
            return;
        }
        reading = true;
        super.channelRead(active, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext active) {
        reading = false;
        discardSomeReadBytes();
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readDone();
        }
        touched.clear();
        flushNow();
    }

    protected final void touch(WireStream stream) {
        touched.add(stream);
    }

    final void fieldsRead(int streamId, FieldList fields, boolean ended) {
        Http2Stream stream = connection().stream(streamId);
        if (stream != null && !closing) {
            fieldsRead(stream, fields, ended);
        }
    }

    final int dataRead(int streamId, ByteBuf data, int padding, boolean ended) {
        WireStream known = ours(connection().stream(streamId));
        if (known == null || closing) {
            return data.readableBytes() + padding;
        }
        touch(known);
        return known.data(data, padding, ended);
    }

    final void resetRead(int streamId, @Nullable Http2Error error) {
        WireStream known = ours(connection().stream(streamId));
        if (known != null) {
            known.resetByPeer(error == null ? Http2Error.INTERNAL_ERROR : error);
        }
    }

    /** The peer has said what it allows. */
    protected void settingsRead() {
        // Netty obeys
    }

    final void windowGrew(int streamId) {
        WireStream known = ours(connection().stream(streamId));
        if (known != null) {
            known.windowGrew();
        }
    }

    private void writabilityChanged(Http2Stream stream) {
        WireStream known = ours(stream);
        if (known != null && !closing) {
            known.writabilityChanged();
        }
    }

    final NetLoop net() {
        return net;
    }

    final ByteBuf buffer(int room) {
        return channel.alloc().directBuffer(room);
    }

    protected final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    protected final boolean isClosing() {
        return closing;
    }

    /** Nothing more is read or written, and streams end as if the connection were closed. */
    protected final void beginClosing() {
        closing = true;
        openStreams().forEach(WireStream::closed);
    }

    final boolean mayWrite(Http2Stream stream) {
        return !closing
                && !stream.isResetSent()
                && switch (stream.state()) {
                    case OPEN, HALF_CLOSED_REMOTE -> true;
                    case IDLE, RESERVED_LOCAL, RESERVED_REMOTE, HALF_CLOSED_LOCAL, CLOSED -> false;
                };
    }

    final boolean hasClosed(Http2Stream stream) {
        return stream.state() == Http2Stream.State.CLOSED;
    }

    /** Also without window as long as nothing waits for it: there may be a head to send, which needs none. */
    final boolean isWritable(Http2Stream stream) {
        Http2RemoteFlowController flow = encoder().flowController();
        return !mayWrite(stream)
                || (channel.isWritable() && (flow.isWritable(stream) || !flow.hasFlowControlled(stream)));
    }

    final ChannelFuture writeHeaders(Http2Stream stream, FieldList fields, boolean ended) {
        return encoder().writeHeaders(context(), stream.id(), fields, 0, ended, channel.newPromise());
    }

    final ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean ended) {
        patience.earn(2); // the peer will answer with window updates
        return encoder().writeData(context(), stream.id(), data, 0, ended, channel.newPromise());
    }

    final void reset(Http2Stream stream, Http2Error error) {
        if (!closing && !hasClosed(stream)) {
            encoder().writeRstStream(context(), stream.id(), error.code(), channel.newPromise());
            flushSoon();
        }
    }

    /** So much of the stream's window is free again. */
    final void payBack(Http2Stream stream, int bytes) {
        try {
            if (!closing && !hasClosed(stream)) {
                decoder().flowController().consumeBytes(stream, bytes);
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    /** Sends what is written once this turn of the event loop is over: many streams may have written by then. */
    final void flushSoon() {
        if (!reading && !flushDue) {
            flushDue = true;
            net.eventLoop().execute(flushNow);
        }
    }

    protected final void flushNow() {
        flushDue = false;
        if (channel.isActive()) {
            flush(context());
        }
    }

    protected final long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** The connection breaks a rule of the protocol, or we do. */
    protected abstract void leave(Http2Error why);

    @Override
    protected void onConnectionError(
            ChannelHandlerContext active, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
        if (closing) {
            return;
        }
        if (known == null && !PeerFault.is(cause)) {
            log.atError().setCause(cause).addKeyValue("channel", channel).log("Connection failed by our own fault");
        }
        leave(known == null ? Http2Error.INTERNAL_ERROR : known.error());
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext active, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        try {
            boolean excess = error.error() == Http2Error.REFUSED_STREAM; // the peer may not have known the limit yet
            patience.spend(excess ? Patience.CONTROL : Patience.RESET);
            super.onStreamError(active, outbound, cause, error);
        } catch (Http2Exception exhausted) {
            onConnectionError(active, outbound, exhausted, exhausted);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
        if (PeerFault.is(cause)) {
            PeerFault.note(channel, cause);
            channel.close();
        } else {
            onError(active, false, cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext active) throws Exception {
        closing = true;
        deadline.remove();
        try {
            super.channelInactive(active);
        } finally {
            disconnected();
        }
    }

    /** The channel is closed, and all streams with it. */
    protected abstract void disconnected();
}
