package dev.linnet.machine.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one address and port of a Service and carries each connection to an endpoint. */
final class ServiceListener {

    private static final Logger log = LoggerFactory.getLogger(ServiceListener.class);
    private static final int BACKLOG = 1_024;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** After a failed accept (too many open files) others get time to close some. */
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(100);

    /**
     * What all listeners of a proxy share.
     *
     * @param isPod whether an address is a Pod's: then the endpoint is to see it as the caller
     * @param slots one for each connection that may exist
     * @param open  all connections, for whoever ends the proxy
     */
    record Shared(Predicate<InetAddress> isPod, Semaphore slots, Set<SocketChannel> open) {
        Shared(Predicate<InetAddress> isPod, int connections) {
            this(isPod, new Semaphore(connections), ConcurrentHashMap.newKeySet());
        }
    }

    private final ServerSocketChannel server;
    private final Balancer balancer;
    private final Shared shared;
    private final Thread acceptor;

    private ServiceListener(ServerSocketChannel server, Balancer balancer, Shared shared) {
        this.server = server;
        this.balancer = balancer;
        this.shared = shared;
        this.acceptor = Thread.ofVirtual().name("service-listener").unstarted(this::acceptAll);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the address or port cannot be had
     */
    static ServiceListener listen(InetSocketAddress address, Balancer balancer, Shared shared) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            Sockets.closeQuietly(server);
            throw e;
        }
        ServiceListener listener = new ServiceListener(server, balancer, shared);
        listener.acceptor.start();
        return listener;
    }

    Balancer balancer() {
        return balancer;
    }

    private void acceptAll() {
        try {
            while (server.isOpen()) {
                acceptOne();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptOne() throws InterruptedException {
        try {
            SocketChannel caller = server.accept();
            shared.open().add(caller);
            // Nobody is refused when all are in use: callers wait here and in the backlog.
            shared.slots().acquire();
            Thread.ofVirtual().name("relay").start(() -> serve(caller));
        } catch (ClosedChannelException e) {
            log.atTrace().log("Listener closed");
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("service", balancer.backends().service())
                    .setCause(e)
                    .log("Cannot accept");
            Thread.sleep(AFTER_FAILED_ACCEPT);
        }
    }

    private void serve(SocketChannel caller) {
        try {
            caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetAddress from = ((InetSocketAddress) caller.getRemoteAddress()).getAddress();
            Optional<SocketChannel> endpoint = connect(from);
            if (endpoint.isEmpty()) {
                Relay.abort(caller);
                return;
            }
            relay(caller, endpoint.get());
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Caller left at once");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Sockets.closeQuietly(caller);
            shared.open().remove(caller);
            shared.slots().release();
        }
    }

    private void relay(SocketChannel caller, SocketChannel endpoint) throws InterruptedException {
        shared.open().add(endpoint);
        try {
            new Relay(caller, endpoint).run();
        } finally {
            shared.open().remove(endpoint);
        }
    }

    /** The first endpoint that answers. */
    private Optional<SocketChannel> connect(InetAddress caller) {
        Optional<InetAddress> source = Optional.of(caller).filter(shared.isPod());
        for (InetSocketAddress endpoint : balancer.order(caller)) {
            try {
                SocketChannel channel = Sockets.connect(endpoint, source, CONNECT_TIMEOUT);
                balancer.connected(caller, endpoint);
                return Optional.of(channel);
            } catch (IOException e) {
                log.atDebug()
                        .addKeyValue("service", balancer.backends().service())
                        .addKeyValue("endpoint", endpoint)
                        .setCause(e)
                        .log("Endpoint does not answer, the next one is tried");
            }
        }
        return Optional.empty();
    }

    /** Takes no more connections. Those that exist go on until they end by themselves. */
    void close() {
        Sockets.closeQuietly(server);
        // The port is free only once the acceptor has let go of it; the next Service may want it at once.
        acceptor.interrupt();
        try {
            acceptor.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
