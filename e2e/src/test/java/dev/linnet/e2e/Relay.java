package dev.linnet.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Carries bytes between a browser and a server until it is told to fall silent, as a network does that somebody has left: connections stay open,
 * those of before and new ones, and nothing arrives any more.
 */
final class Relay implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    private final ServerSocket door;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private final ExecutorService carriers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile InetSocketAddress server;
    private volatile boolean silent;

    /** A connection of each side. */
    private static final class Pair {
        private final Socket here;
        private final Socket there;
        private volatile boolean dead;

        private Pair(Socket here, Socket there, boolean dead) {
            this.here = here;
            this.there = there;
            this.dead = dead;
        }

        private void close() {
            try (here;
                    there) {
                dead = true;
            } catch (IOException _) {
                // closed is closed
            }
        }
    }

    /** @param server {@code host:port} */
    Relay(String server) throws IOException {
        this.server = address(server);
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        carriers.execute(this::accept);
    }

    private static InetSocketAddress address(String server) {
        int colon = server.lastIndexOf(':');
        return new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
    }

    /** New connections go there: as if a server had been started anew. */
    void leadsTo(String other) {
        server = address(other);
    }

    /** {@code host:port}. */
    String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /** What is on its way is lost, and so is everything that is sent from now on. */
    void fallSilent() {
        silent = true;
        pairs.forEach(pair -> pair.dead = true);
    }

    /** New connections work again. */
    void speakAgain() {
        silent = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                accept(door.accept());
            } catch (IOException _) {
                // the door is closed
            }
        }
    }

    private void accept(Socket here) throws IOException {
        InetSocketAddress to = server;
        try {
            Pair pair = new Pair(here, new Socket(to.getAddress(), to.getPort()), silent);
            pairs.add(pair);
            carriers.execute(() -> carry(pair, pair.here, pair.there));
            carriers.execute(() -> carry(pair, pair.there, pair.here));
        } catch (IOException _) {
            here.close(); // the server is away
        }
    }

    private void carry(Pair pair, Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                if (!pair.dead) {
                    out.write(chunk, 0, length);
                }
            }
        } catch (IOException _) {
            // either end has gone
        }
        if (!pair.dead || from.equals(pair.here)) {
            pair.close();
            pairs.remove(pair);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        pairs.forEach(Pair::close);
        carriers.close();
    }
}
