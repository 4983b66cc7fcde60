package dev.linnet.machine.proxy;

import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The connections that one owner answers for: so many callers at once and no more, and an end to all of them when the owner
 * ends.
 */
public final class Connections {
    private final Semaphore slots;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param callers how many may be served at once; others wait */
    public Connections(int callers) {
        this.slots = new Semaphore(callers);
    }

    void enter() throws InterruptedException {
        slots.acquire();
    }

    void leave() {
        slots.release();
    }

    /** From now on the owner closes it. */
    public void add(SocketChannel connection) {
        open.add(connection);
        if (closed) {
            Sockets.closeQuietly(connection);
        }
    }

    public void remove(SocketChannel connection) {
        open.remove(connection);
    }

    /** How many there are, of callers and to others. */
    public int count() {
        return open.size();
    }

    int freeSlots() {
        return slots.availablePermits();
    }

    /** Closes all, now and later. That wakes the threads that carry them; these end by themselves then. */
    public void closeAll() {
        closed = true;
        open.forEach(Sockets::closeQuietly);
    }
}
