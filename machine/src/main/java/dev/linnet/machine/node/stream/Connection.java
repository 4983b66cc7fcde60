package dev.linnet.machine.node.stream;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A connection to something that listens in a Pod. One thread reads, another writes. */
final class Connection {
    private static final int CONNECT_MILLIS = 10_000;

    private final java.net.Socket socket;

    private Connection(java.net.Socket socket) {
        this.socket = socket;
    }

    /** @throws IOException when nobody listens there; the message is for the person who asked */
    static Connection to(PodAccess pod, int port) throws IOException {
        InetSocketAddress address = pod.address(port);
        java.net.Socket socket = new java.net.Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, CONNECT_MILLIS);
            return new Connection(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "error forwarding port " + port + ": nobody listens on "
                            + address.getAddress().getHostAddress() + ":" + address.getPort() + ": " + e.getMessage(),
                    e);
        }
    }

    /** As much as there is; negative at the end. */
    int read(byte[] chunk) throws IOException {
        return socket.getInputStream().read(chunk);
    }

    /** What cannot be written is lost: reading tells that the other side is gone. */
    void write(byte[] bytes, boolean last) {
        try {
            socket.getOutputStream().write(bytes);
            if (last) {
                socket.shutdownOutput();
            }
        } catch (IOException _) {
            close();
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed as far as can be.
            return;
        }
    }
}
