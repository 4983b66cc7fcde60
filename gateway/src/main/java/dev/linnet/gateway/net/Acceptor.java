package dev.linnet.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Listens, and deals accepted connections to the event loops in turn. They stay there. (SO_REUSEPORT would deal by hash, less evenly,
 * and drop what is queued when a listener closes.)
 */
public final class Acceptor {
    private static final int BACKLOG = 4096;
    /** What clients see who name none, whatever number it has here: a Service stands before it (spec of ingress-nginx, §3.7). */
    private static final int HTTP_PORT = 80;

    private static final int HTTPS_PORT = 443;

    private final EventLoopGroup group;
    private final Transport transport;
    private final Map<EventLoop, NetLoop> loops;

    public Acceptor(EventLoopGroup group, Transport transport, Map<EventLoop, NetLoop> loops) {
        this.group = group;
        this.transport = transport;
        this.loops = Map.copyOf(loops);
    }

    /**
     * Binds.
     *
     * @param scheme  what clients speak here
     * @param host    the one host that is behind this door, in lower case; empty if the Host header decides
     * @param address port 0 for any free one
     * @return the listening channel, bound
     * @throws IOException if that is not possible
     */
    public Channel listen(String scheme, String host, InetSocketAddress address) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        int port = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
                        Listener listener = new Listener(scheme, port, host);
                        loopOf(channel).accept(channel, listener);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + " (expected: a free port of this machine)", bound.cause());
        }
        return bound.channel();
    }

    private NetLoop loopOf(SocketChannel channel) {
        NetLoop loop = loops.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("channel is on a loop that is not ours: " + channel);
        }
        return loop;
    }
}
