package dev.linnet.cli.up;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

/** An address of the host that is listened on before there is anybody to serve it: whoever connects waits for that. */
final class HostSocket implements AutoCloseable {
    private final InetSocketAddress address;
    private ServerSocketChannel channel;
    private boolean taken;

    private HostSocket(ServerSocketChannel channel) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
    }

    /** @throws IOException when somebody else has it */
    static HostSocket open(InetSocketAddress address) throws IOException {
        return new HostSocket(bound(address));
    }

    private static ServerSocketChannel bound(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Waits until somebody connects, and leaves them where they are. Returns at an interrupt, too. */
    void awaitVisitor() throws IOException {
        awaitVisitor(Duration.ZERO);
    }

    /**
     * Waits for somebody a while only.
     *
     * @param patience zero for however long it takes
     * @return whether somebody is there
     */
    boolean awaitVisitor(Duration patience) throws IOException {
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_ACCEPT);
            return selector.select(patience.toMillis()) > 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /** The socket, for whoever serves it from now on and closes it in the end; bound anew if somebody had it before. */
    synchronized ServerSocketChannel take() throws IOException {
        if (taken) {
            channel = bound(address);
        }
        taken = true;
        return channel;
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
