package dev.linnet.machine.podproxy;

import dev.linnet.machine.proxy.Connections;
import dev.linnet.machine.proxy.Sockets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to where the last request went. The next one to the same place takes it too. */
final class Upstream implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upstream.class);

    private final Authority to;
    private final SocketChannel channel;
    private final Connections connections;
    private final HttpInput in;
    private final OutputStream out;

    Upstream(Authority to, SocketChannel channel, Connections connections) throws IOException {
        this.to = to;
        this.channel = channel;
        this.connections = connections;
        connections.add(channel);
        this.in = new HttpInput(channel.socket());
        this.out = channel.socket().getOutputStream();
    }

    /** Whether a further request to this authority can be sent here. It may end at any moment all the same. */
    boolean serves(Authority next) {
        return next.host().equals(to.host()) && next.port() == to.port() && in.isEmpty() && isQuiet();
    }

    /** Says false when the other side has closed, or has sent what nobody asked for. */
    private boolean isQuiet() {
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a head. When that fails, the wait for an answer will say so. */
    void send(Head head) {
        try {
            out.write(head.bytes());
        } catch (IOException e) {
            log.atTrace().setCause(e).log("A request was not taken");
        }
    }

    /** Tells the other side that no more will be sent to it. */
    void sendNoMore() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            log.atTrace().setCause(e).log("Closed already");
        }
    }

    SocketChannel channel() {
        return channel;
    }

    HttpInput in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    @Override
    public void close() {
        connections.remove(channel);
        Sockets.closeQuietly(channel);
    }
}
