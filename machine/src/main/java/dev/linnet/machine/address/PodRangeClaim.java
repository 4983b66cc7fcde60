package dev.linnet.machine.address;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/**
 * Holds a range of Pod addresses against other clusters of this network namespace, by a listener on its last address. Ends
 * with this process however that dies.
 */
final class PodRangeClaim implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ServerSocket socket;

    private PodRangeClaim(ServerSocket socket) {
        this.socket = socket;
    }

    /** @throws IllegalStateException when Pods could not live there; the message says what helps */
    static PodRangeClaim take(PodRange range, int port) {
        requireLocal(range, range.lowest());
        requireLocal(range, range.highest());
        try {
            return new PodRangeClaim(
                    listen(new InetSocketAddress(range.highest().toAddress(), port)));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Pod addresses " + range + " are another cluster's: " + range.highest() + ":" + port
                            + " cannot be listened on: " + e.getMessage(),
                    e);
        }
    }

    /** By trying, because the kernel can be told to let anybody bind addresses that are not its own. */
    private static void requireLocal(PodRange range, Ipv4 address) {
        try (ServerSocket server = listen(new InetSocketAddress(address.toAddress(), 0));
                Socket caller = new Socket()) {
            caller.connect(server.getLocalSocketAddress(), Math.toIntExact(PATIENCE.toMillis()));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Pod addresses " + range + " are not this machine's: " + address + ": " + e.getMessage()
                            + " (expected: addresses that can be listened on; \"ip route add local " + range
                            + " dev lo\", as root, makes them so)",
                    e);
        }
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(address, 1);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give up the Pod addresses", e);
        }
    }
}
