package dev.linnet.machine.node.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A connection on which both sides speak. One thread receives, any thread sends; both wait as long as the other side makes them. */
interface Talk {

    /** Waits for more, a message or whatever has come; empty when the other side has closed. */
    Optional<byte[]> receive() throws InterruptedException;

    /** Returns when the network has taken it. */
    void send(ByteBuffer message) throws IOException;
}
