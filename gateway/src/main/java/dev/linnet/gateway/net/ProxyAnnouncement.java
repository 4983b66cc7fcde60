package dev.linnet.gateway.net;

import dev.linnet.gateway.http.Caller;
import dev.linnet.routing.policy.CallerOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;

/**
 * The beginning of a connection through a proxy that tells in a PROXY header for whom it speaks, before TLS and HTTP. A connection
 * without one, or with one that is late or malformed, is closed: whoever speaks otherwise has come round the proxy.
 */
final class ProxyAnnouncement extends ChannelInboundHandlerAdapter {
    private final NetLoop net;
    private final SocketChannel channel;
    private final Caller caller;
    private final CallerOptions options;
    private final Deadlines.Deadline deadline;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;

    ProxyAnnouncement(NetLoop net, SocketChannel channel, Caller caller) {
        this.net = net;
        this.channel = channel;
        this.caller = caller;
        this.options = net.loop().callers();
        this.deadline = net.deadlines().add(channel::close);
        deadline.in(options.proxyHeader().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        received = received.isReadable() ? Unpooled.wrappedBuffer(received, in) : in;
        switch (ProxyHeader.read(received)) {
            case ProxyHeader.Incomplete _ -> {}
            case ProxyHeader.Malformed _ -> context.close();
            case ProxyHeader.Local(int length) -> begin(context, length, caller);
            case ProxyHeader.Proxied proxied -> begin(context, proxied.length(), announced(proxied));
        }
    }

    /** Whoever is not trusted may be a proxy, but its word is not taken. */
    private Caller announced(ProxyHeader.Proxied proxied) {
        return options.trusted().contains(caller.peer())
                ? caller.behindProxy(proxied.source(), proxied.destinationPort())
                : caller;
    }

    private void begin(ChannelHandlerContext context, int length, Caller client) {
        ByteBuf rest = received.skipBytes(length);
        received = Unpooled.EMPTY_BUFFER;
        net.serve(channel, client);
        if (rest.isReadable()) {
            context.fireChannelRead(rest);
        } else {
            rest.release();
        }
        context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadline.remove();
        net.announced();
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }
}
