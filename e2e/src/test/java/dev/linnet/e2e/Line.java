package dev.linnet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands between a client and an API server, and can be cut and mended. */
final class Line implements AutoCloseable {
    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean cut = new AtomicBoolean();

    private Line(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    static Line to(URI server) {
        try {
            int port = server.getPort() < 0 ? 443 : server.getPort();
            Line line = new Line(
                    new InetSocketAddress(server.getHost(), port),
                    new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("line").start(line::accept);
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "https://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    /** Ends all connections; new ones are ended at once until {@link #mend}. */
    void cut() {
        cut.set(true);
        open.forEach(Line::end);
    }

    void mend() {
        cut.set(false);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (cut.get()) {
                    end(client);
                } else {
                    connect(client);
                }
            } catch (IOException _) {
                // The listener was closed, or the server is gone: clients see an ended connection either way.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket behind = new Socket(server.getAddress(), server.getPort());
        open.add(client);
        open.add(behind);
        Thread.ofVirtual().start(() -> copy(client, behind));
        Thread.ofVirtual().start(() -> copy(behind, client));
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // Cut, or ended by one side.
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
