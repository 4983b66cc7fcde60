package dev.linnet.gateway.net;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.tls.HandshakeFailure;
import dev.linnet.gateway.tls.ServerTlsHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a connection over TLS: waits until client and gateway have agreed, then hands over to whoever speaks the protocol
 * that they have agreed upon. Anybody may begin a handshake, so it has a short deadline, and its failure is nobody's news.
 */
final class Handshake extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Handshake.class);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final String HTTP_2 = "h2";

    private final NetLoop net;
    private final SocketChannel channel;
    private final Caller caller;
    private final Deadlines.Deadline deadline;
    private boolean failed;

    Handshake(NetLoop net, SocketChannel channel, Caller caller) {
        this.net = net;
        this.channel = channel;
        this.caller = caller;
        this.deadline = net.deadlines().add(this::tooSlow);
        deadline.in(LONGEST.toNanos());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                begin(context);
            } else {
                failed(handshake.cause());
            }
        }
    }

    /** What the client has sent behind its handshake is not decrypted yet: the next handler gets all of it. */
    private void begin(ChannelHandlerContext context) {
        ServerTlsHandler tls = context.pipeline().get(ServerTlsHandler.class);
        Caller known = caller.shownToBe(tls.identity(), tls.serverName());
        if (HTTP_2.equals(tls.applicationProtocol())) {
            net.serveHttp2(channel, known);
        } else {
            net.serveHttp1(channel, known);
        }
        context.pipeline().remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message); // nothing is said before a handshake
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause);
    }

    private void tooSlow() {
        failed(HandshakeFailure.SLOW);
        close();
    }

    private void failed(HandshakeFailure why) {
        if (!failed) {
            failed = true;
            net.handshakeFailed(why);
        }
    }

    private void failed(Throwable cause) {
        failed(HandshakeFailure.of(cause));
        log.atDebug()
                .addKeyValue("channel", channel)
                .addKeyValue("cause", cause.toString())
                .log("Handshake failed");
        net.eventLoop().execute(this::close); // behind the alert that tells the client why
    }

    private void close() {
        ChannelHandlerContext nearest = channel.pipeline().firstContext();
        if (nearest != null) {
            nearest.close(); // not through TLS, which would wait for the peer
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadline.remove();
        net.agreed();
    }
}
