package dev.linnet.machine.address;

import java.net.InetAddress;
import java.util.BitSet;
import java.util.Optional;

/**
 * Gives each Pod an address of its own. An address that came back is given out again as late as possible, so that a client
 * with an old list of endpoints meets a closed port and not somebody else's Pod.
 */
public final class AddressPool {

    private final Ipv4 first;
    private final int size;
    private final BitSet used = new BitSet();
    private int next;

    AddressPool(Ipv4 first, int size) {
        this.first = first;
        this.size = size;
    }

    /**
     * The next free address.
     *
     * @throws IllegalStateException when there is none
     */
    public synchronized InetAddress take() {
        int index = used.nextClearBit(next);
        if (index >= size) {
            index = used.nextClearBit(0);
        }
        if (index >= size) {
            throw new IllegalStateException(
                    "All " + size + " Pod addresses from " + first + " on are in use (delete some Pods)");
        }
        used.set(index);
        next = (index + 1) % size;
        return first.plus(index).toAddress();
    }

    /** Takes this very address, for a Pod that had it in an earlier life; empty when it is in use or not of this pool. */
    public synchronized Optional<InetAddress> take(String address) {
        int index = Ipv4.parse(address).map(first::distance).orElse(-1);
        if (index < 0 || index >= size || used.get(index)) {
            return Optional.empty();
        }
        used.set(index);
        return Optional.of(first.plus(index).toAddress());
    }

    /** Gives an address back. One that was not taken is ignored. */
    public synchronized void release(InetAddress address) {
        int index = Ipv4.parse(address.getHostAddress()).map(first::distance).orElse(-1);
        if (index >= 0 && index < size) {
            used.clear(index);
        }
    }

    /** Whether an address is one of this pool's, in use or not. */
    public boolean contains(InetAddress address) {
        int index = Ipv4.parse(address.getHostAddress()).map(first::distance).orElse(-1);
        return index >= 0 && index < size;
    }
}
