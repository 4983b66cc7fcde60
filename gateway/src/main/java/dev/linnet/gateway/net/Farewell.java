package dev.linnet.gateway.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of what we send to a client that may still be sending. The socket stays open, and what comes is thrown away: were it closed with
 * something unread, the kernel would reset the connection, and the client lose what it has not read yet (RFC 9112 §9.6). Who says farewell
 * closes when the client has ended its half, or after a deadline.
 */
public final class Farewell {
    private Farewell() {}

    /** To be said when all that was written is sent. */
    public static void say(SocketChannel channel) {
        if (channel.pipeline().get(SslHandler.class) != null) {
            channel.pipeline().addFirst(new Deaf());
        }
        endOutput(channel);
    }

    /** Over TLS the end is said there too, so that it cannot be taken for one that somebody else has made. */
    static void endOutput(SocketChannel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
        }
    }

    /** Stands before TLS, whose engine would take anything that comes after our end for the client's. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
