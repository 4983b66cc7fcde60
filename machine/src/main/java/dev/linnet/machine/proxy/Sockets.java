package dev.linnet.machine.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes connections. */
public final class Sockets {

    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    private Sockets() {}

    /**
     * Connects to an endpoint.
     *
     * @param source the address to come from; empty for any
     * @throws IOException when it does not answer in time
     */
    public static SocketChannel connect(InetSocketAddress endpoint, Optional<InetAddress> source, Duration timeout)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (source.isPresent()) {
                // Without it a port would be out of use for a minute after each connection that we closed first.
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(source.get(), 0));
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connect(channel, endpoint, timeout);
            return channel;
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private static void connect(SocketChannel channel, InetSocketAddress endpoint, Duration timeout)
            throws IOException {
        try {
            channel.socket().connect(endpoint, Math.toIntExact(timeout.toMillis()));
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer from " + endpoint + " within " + timeout.toMillis() + " ms", e);
        }
    }

    public static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("A connection did not close cleanly");
        }
    }
}
