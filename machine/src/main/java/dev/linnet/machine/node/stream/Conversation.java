package dev.linnet.machine.node.stream;

import java.io.IOException;

/** What is said over a connection, from its beginning to its end. */
@FunctionalInterface
interface Conversation {

    /** Holds it, on a thread of its own; the connection is closed when it returns. */
    void hold(Talk talk) throws IOException, InterruptedException;
}
