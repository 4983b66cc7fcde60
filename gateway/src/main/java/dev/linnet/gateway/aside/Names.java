package dev.linnet.gateway.aside;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Addresses of hosts by name, remembered for a while. All event loops of a gateway share it; nobody waits here. */
public final class Names {
    private static final Logger log = LoggerFactory.getLogger(Names.class);
    private static final long KNOWN_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long UNKNOWN_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MOST_NAMES = 1024;
    private static final int MOST_LOOKUPS = 32;

    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Semaphore lookups = new Semaphore(MOST_LOOKUPS);
    private final Lookup lookup;
    private final LongSupplier nanoTime;

    /** Where addresses come from: blocks. */
    @FunctionalInterface
    public interface Lookup {
        String address(String host) throws UnknownHostException;
    }

    private record Known(Optional<String> address, long until) {}

    public Names(Lookup lookup, LongSupplier nanoTime) {
        this.lookup = lookup;
        this.nanoTime = nanoTime;
    }

    /** As the system looks names up. */
    public static Names ofSystem(LongSupplier nanoTime) {
        return new Names(host -> InetAddress.getByName(host).getHostAddress(), nanoTime);
    }

    /** What is known now; empty in the answer if the name has no address, empty altogether if it must be looked up. */
    public Optional<Optional<String>> now(String host) {
        Known found = known.get(host);
        return found != null && nanoTime.getAsLong() - found.until < 0 ? Optional.of(found.address) : Optional.empty();
    }

    /** Looks a name up, and tells on another thread. */
    public void find(String host, Consumer<Optional<String>> then) {
        if (!lookups.tryAcquire()) {
            then.accept(Optional.empty());
            return;
        }
        // The system's resolver blocks the thread below: virtual ones share few of those, with health checks among
        // them.
        Thread.ofPlatform().daemon().name("linnet-names").start(() -> {
            Optional<String> address = Optional.empty();
            try {
                address = lookUp(host);
            } finally {
                lookups.release();
                then.accept(address); // whatever happens: somebody's request waits
            }
        });
    }

    private Optional<String> lookUp(String host) {
        Optional<String> address;
        try {
            address = Optional.of(lookup.address(host));
        } catch (UnknownHostException _) {
            log.atDebug().addKeyValue("host", host).log("Name has no address");
            address = Optional.empty();
        }
        if (known.size() >= MOST_NAMES) {
            known.clear(); // names come from manifests, and with a variable from Host headers that have a route:
            // this is rare
        }
        long nanos = address.isPresent() ? KNOWN_NANOS : UNKNOWN_NANOS;
        known.put(host, new Known(address, nanoTime.getAsLong() + nanos));
        return address;
    }
}
