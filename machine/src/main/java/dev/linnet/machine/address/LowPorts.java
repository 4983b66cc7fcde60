package dev.linnet.machine.address;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Which port is really listened on where a program asks for one that only root may bind. An ordinary user listens on
 * {@value #SHIFT} + port of the same address instead.
 *
 * @param firstFree the lowest port that may be bound, 0 when all may
 */
public record LowPorts(int firstFree) {

    /** How far away the port is that is listened on instead of a port that may not be bound. */
    public static final int SHIFT = 20_000;

    private static final int HIGHEST = 65_535;

    /** The lowest port that a kernel reserves unless it was told otherwise. */
    private static final int USUAL_FIRST_FREE = 1_024;

    /** Every port may be bound. */
    public static LowPorts allowed() {
        return new LowPorts(0);
    }

    /**
     * Finds out by binding, because capabilities and user namespaces decide too.
     *
     * @param address  an address of which no port is in use
     * @param firstFree what the kernel says, see {@code ip_unprivileged_port_start}
     */
    static LowPorts probe(InetAddress address, int firstFree) {
        if (firstFree <= 1) {
            return allowed();
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, firstFree - 1));
            return allowed();
        } catch (IOException e) {
            return new LowPorts(firstFree);
        }
    }

    /** What Linux says; the usual value where it says nothing. */
    static int unprivilegedPortStart(String procFile) {
        try {
            return Integer.parseInt(procFile.strip());
        } catch (NumberFormatException e) {
            return USUAL_FIRST_FREE;
        }
    }

    /** The port to listen on, and to connect to, for a port that was asked for. */
    public int realPort(int port) {
        return port > 0 && port < firstFree && port + SHIFT <= HIGHEST ? port + SHIFT : port;
    }
}
