package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Scheduler;
import java.util.List;
import java.util.random.RandomGenerator;

/** Chooses endpoints. One instance serves the sides of one backend that want the same, on one event loop. */
public interface Balancer {
    /**
     * Chooses for one attempt.
     *
     * @param ready not empty
     * @param tried those that have failed for this request; one of them is chosen only if there is no other, or the key says so
     * @param key   what {@link #keyed} asks for
     * @param now   by {@link System#nanoTime}
     * @return its place in {@code ready}
     */
    int next(Candidates ready, List<Endpoint> tried, int key, long now);

    /** What of a request this balancer must know. */
    Key keyed();

    /** Whether {@link Load} has to be kept. */
    default boolean countsLoad() {
        return false;
    }

    /** What a {@code key} is. */
    enum Key {
        NOTHING,
        /** 32 bits of the client's address: {@link #ofAddress}. */
        CLIENT,
        /** The CRC32 of the host. */
        HOST,
        /** The CRC32 of the route's expression. */
        EXPRESSION
    }

    /**
     * The balancer for what somebody has said.
     *
     * @param ofService what counts where nothing is said about the route
     */
    static Balancer of(Balancing said, Scheduler ofService, RandomGenerator random) {
        return switch (said) {
            case Balancing.Unsaid _ -> of(ofService, random);
            case Balancing.By(Scheduler scheduler) -> of(scheduler, random);
            case Balancing.Hashed _ -> new ByRing();
            case Balancing.HashedToSubset subset -> new BySubset(subset.size(), random);
        };
    }

    private static Balancer of(Scheduler scheduler, RandomGenerator random) {
        return switch (scheduler) {
            case RR, WRR -> new InTurn(random.nextInt(Integer.MAX_VALUE));
            case LC, WLC, SED, NQ -> new LeastBusy(random.nextInt(Integer.MAX_VALUE));
            case SH -> new ByBuckets(Key.CLIENT);
            case DH -> new ByBuckets(Key.HOST);
            case MH -> new ByMaglev();
            case EWMA -> new Fastest(random);
        };
    }

    /** A client's address as a key: IPv4 as it is, of IPv6 the four words by exclusive or, as IPVS does. */
    static int ofAddress(byte[] address) {
        int key = 0;
        for (int i = 0; i < address.length; i++) {
            key ^= (address[i] & 0xff) << (Byte.SIZE * (3 - (i & 3)));
        }
        return key;
    }
}
