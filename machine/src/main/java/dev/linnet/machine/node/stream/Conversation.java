package dev.linnet.machine.node.stream;

import java.io.IOException;

/** What is said over a socket, from its beginning to its end. */
@FunctionalInterface
interface Conversation {

    /** Holds it, on a thread of its own; the socket is closed when it returns. */
    void hold(Socket socket) throws IOException, InterruptedException;
}
