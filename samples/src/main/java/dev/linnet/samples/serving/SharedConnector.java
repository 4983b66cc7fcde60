package dev.linnet.samples.serving;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/** Serves connections from any number of listening sockets with one selector. Jetty's own connector has one socket. */
final class SharedConnector extends AbstractConnector {
    private static final Duration IDLE = Duration.ofMinutes(2);

    private final Selectors selectors;
    private final Consumer<EndPoint> onOpened;
    private final Consumer<EndPoint> onClosed;

    SharedConnector(Server server, Consumer<EndPoint> onOpened, Consumer<EndPoint> onClosed) {
        super(server, server.getThreadPool(), server.getScheduler(), server.getByteBufferPool(), 0, http());
        this.onOpened = onOpened;
        this.onClosed = onClosed;
        this.selectors = new Selectors();
        addBean(selectors, true);
        setIdleTimeout(IDLE.toMillis());
    }

    /** Takes connections from {@code socket}, on a thread of its own, until it is closed. */
    void listen(ServerSocketChannel socket, Consumer<IOException> onFailure) {
        Thread.ofVirtual().name("samples-accept").start(() -> {
            while (socket.isOpen()) {
                try {
                    adopt(socket.accept());
                } catch (ClosedChannelException e) {
                    return;
                } catch (IOException e) {
                    // Such as too many open files. Trying again at once would only burn the processor.
                    onFailure.accept(e);
                    pause();
                }
            }
        });
    }

    @Override
    public @Nullable Object getTransport() {
        return null;
    }

    @Override
    protected void accept(int acceptorId) {
        throw new UnsupportedOperationException("connections come from listen()");
    }

    private void adopt(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        selectors.accept(channel);
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpConnectionFactory http() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        return new HttpConnectionFactory(configuration);
    }

    private final class Selectors extends SelectorManager {
        Selectors() {
            super(SharedConnector.this.getExecutor(), SharedConnector.this.getScheduler(), 1);
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            SocketChannelEndPoint connection =
                    new SocketChannelEndPoint((SocketChannel) channel, selector, key, getScheduler());
            connection.setIdleTimeout(getIdleTimeout());
            return connection;
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint connection, Object attachment) {
            return getDefaultConnectionFactory().newConnection(SharedConnector.this, connection);
        }

        @Override
        protected void endPointOpened(EndPoint connection) {
            super.endPointOpened(connection);
            onEndPointOpened(connection);
            onOpened.accept(connection);
        }

        @Override
        protected void endPointClosed(EndPoint connection) {
            onClosed.accept(connection);
            onEndPointClosed(connection);
            super.endPointClosed(connection);
        }
    }
}
