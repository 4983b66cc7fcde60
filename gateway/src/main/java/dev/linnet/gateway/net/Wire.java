package dev.linnet.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What connections of both kinds have in common: a channel with one handler, and a deadline. Where TLS is spoken, its handler stands
 * between that one and the socket, so writing and closing go through the channel and not round it.
 */
abstract class Wire extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Wire.class);

    protected final NetLoop net;
    protected final SocketChannel channel;
    private final Deadlines.Deadline deadline;
    private boolean unflushed;
    private boolean flushedAtEndOfTurn;
    private boolean inputEnded;

    protected Wire(NetLoop net, SocketChannel channel) {
        this.net = net;
        this.channel = channel;
        this.deadline = net.deadlines().add(this::timedOut);
    }

    protected abstract void timedOut();

    /** A handshake of TLS has ended, well or not. */
    protected abstract void secured(boolean well);

    /** The peer will send nothing more. */
    protected abstract void inputEnded();

    /** The channel is closed, whether or not it ever was open. */
    protected abstract void closed();

    public void write(ByteBuf bytes) {
        unflushed = true;
        channel.write(bytes, channel.voidPromise());
    }

    public void flush() {
        if (unflushed && !flushedAtEndOfTurn) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Somebody else takes over the channel. */
    protected final void leave() {
        deadline.remove();
    }

    protected final boolean hasInputEnded() {
        return inputEnded;
    }

    /** All that is written until {@link #endTurn} is sent at once. */
    protected final void beginTurn() {
        flushedAtEndOfTurn = true;
    }

    protected final void endTurn() {
        flushedAtEndOfTurn = false;
        flush();
    }

    /** What was written and not sent. */
    protected final long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    public boolean isWritable() {
        return channel.isWritable();
    }

    public void read(boolean on) {
        boolean moreToCome = !inputEnded && channel.isActive();
        if (moreToCome && channel.config().isAutoRead() != on) {
            channel.config().setAutoRead(on);
        }
    }

    public void waitAtMost(long nanos) {
        deadline.in(nanos);
    }

    public void waitNoLonger() {
        deadline.never();
    }

    public void shutdownOutput() {
        unflushed = false;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Farewell.endOutput(channel));
    }

    /** Closes so that the peer cannot take what it has for the whole: nothing of TLS is said any more, and the connection is reset. */
    protected final void reset() {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ChannelHandlerContext nearest = channel.pipeline().firstContext();
        if (nearest == null) {
            channel.close();
        } else {
            nearest.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ChannelInputShutdownEvent _ -> noteInputEnded();
            case SslCloseCompletionEvent end when end.isSuccess() -> noteInputEnded();
            case SslHandshakeCompletionEvent handshake -> secured(handshake.isSuccess());
            case null, default -> {}
        }
    }

    private void noteInputEnded() {
        if (!inputEnded) {
            inputEnded = true;
            inputEnded();
        }
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        deadline.remove();
        closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (PeerFault.is(cause)) {
            PeerFault.note(channel, cause);
        } else {
            log.atError().setCause(cause).addKeyValue("channel", channel).log("Connection failed by our own fault");
        }
        channel.close();
    }
}
