package dev.linnet.machine.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Carries bytes between a caller and an endpoint until both have said that they are done. An end of stream is passed on (a
 * caller may close its half and still read); a broken connection is passed on as a broken one, so that nobody takes half an
 * answer for a whole one.
 */
public final class Relay {

    /** Most connections carry small messages; only those that fill this get the big buffer. */
    private static final int SMALL = 8 * 1024;

    private static final int BIG = 128 * 1024;

    private final SocketChannel caller;
    private final SocketChannel endpoint;

    public Relay(SocketChannel caller, SocketChannel endpoint) {
        this.caller = caller;
        this.endpoint = endpoint;
    }

    /** Returns when both directions have ended. Both channels are closed then. */
    public void run() throws InterruptedException {
        Thread back = Thread.ofVirtual().name("relay-back").start(() -> carry(endpoint, caller));
        try {
            carry(caller, endpoint);
            back.join();
        } finally {
            Sockets.closeQuietly(caller);
            Sockets.closeQuietly(endpoint);
        }
    }

    private static void carry(SocketChannel from, SocketChannel to) {
        try {
            copy(from, to);
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone: a reset, or closed by the other direction, which has met the same.
            abort(from);
            abort(to);
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(SMALL);
        while (from.read(buffer) >= 0) {
            boolean full = !buffer.hasRemaining();
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
            if (full && buffer.capacity() < BIG) {
                buffer = ByteBuffer.allocate(BIG);
            }
        }
    }

    /** Closes a connection so that the peer sees it as broken. */
    public static void abort(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // Closed already; then there is nobody to tell.
            return;
        }
        Sockets.closeQuietly(channel);
    }
}
