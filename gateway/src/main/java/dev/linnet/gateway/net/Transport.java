package dev.linnet.gateway.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Supplier;

/**
 * How sockets are driven. Epoll where its native part loads, else NIO, which is no slower (perf study §3) but copies.
 *
 * @param name    for the log
 * @param handler makes the part of an event loop that waits for sockets
 * @param server  makes a listening channel
 * @param client  makes a channel that connects
 */
public record Transport(
        String name,
        Supplier<IoHandlerFactory> handler,
        Class<? extends ServerSocketChannel> server,
        Supplier<SocketChannel> client) {

    public static final Transport NIO =
            new Transport("nio", NioIoHandler::newFactory, NioServerSocketChannel.class, NioSocketChannel::new);

    public static Transport best() {
        return Epoll.isAvailable() ? epoll() : NIO;
    }

    private static Transport epoll() {
        return new Transport(
                "epoll", EpollWaiting::newFactory, EpollServerSocketChannel.class, EpollSocketChannel::new);
    }
}
