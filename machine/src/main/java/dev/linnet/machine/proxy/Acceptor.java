package dev.linnet.machine.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one address and port, and has each caller served on a thread of its own. */
public final class Acceptor implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 1_024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** After a failed accept (too many open files) others get time to close some. */
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(100);

    /** What is done with a caller, whose connection is closed afterwards. */
    public interface Service {
        void serve(SocketChannel caller) throws IOException, InterruptedException;
    }

    private final ServerSocketChannel server;
    private final Connections connections;
    private final Service service;
    private final Thread thread;

    private Acceptor(ServerSocketChannel server, Connections connections, Service service) {
        this.server = server;
        this.connections = connections;
        this.service = service;
        this.thread = Thread.ofVirtual().name("accept").unstarted(this::acceptAll);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the address or port cannot be had
     */
    public static Acceptor listen(InetSocketAddress address, Connections connections, Service service)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            Sockets.closeQuietly(server);
            throw e;
        }
        Acceptor acceptor = new Acceptor(server, connections, service);
        acceptor.thread.start();
        return acceptor;
    }

    /** Where it really listens, when any free port was asked for. */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
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
            admit(server.accept());
        } catch (ClosedChannelException e) {
            log.atTrace().log("Listener closed");
        } catch (IOException e) {
            log.atWarn().setCause(e).log("Cannot accept");
            Thread.sleep(AFTER_FAILED_ACCEPT);
        }
    }

    /** Nobody is refused when all slots are in use: one caller waits here, the others in the backlog. */
    private void admit(SocketChannel caller) throws InterruptedException {
        try {
            connections.enter();
        } catch (InterruptedException e) {
            Sockets.closeQuietly(caller);
            throw e;
        }
        connections.add(caller);
        Thread.ofVirtual().name("relay").start(() -> serve(caller));
    }

    private void serve(SocketChannel caller) {
        try {
            caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
            service.serve(caller);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Connection broke");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Sockets.closeQuietly(caller);
            connections.remove(caller);
            connections.leave();
        }
    }

    /** Takes no more callers. Those who are being served are not touched. */
    @Override
    public void close() {
        Sockets.closeQuietly(server);
        // The port is free only once the acceptor has let go of it; the next owner may want it at once.
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
