package dev.linnet.gateway.policy;

import dev.linnet.routing.policy.Rates;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * How often each client has used the routes of one Ingress: leaky buckets (spec of ingress-nginx, §4.7). All event loops of a gateway
 * share it, without a lock: a bucket is one number, the time at which it will be empty.
 */
final class RateZone {
    /** As many clients as 5 MB of nginx hold, roughly. */
    private static final int MOST_CLIENTS = 80_000;

    private static final int FIRST_SWEEP = 1024;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long NEVER_USED = Long.MIN_VALUE;

    private final Map<Key, Client> clients = new ConcurrentHashMap<>();
    private final AtomicInteger sweepAt = new AtomicInteger(FIRST_SWEEP);
    private final Rates rates;
    private final IntSupplier replicas;

    private record Key(long high, long low) {
        static Key of(byte[] address) {
            long high = address.length == 16 ? number(address, 0, 8) : address.length;
            return new Key(high, number(address, address.length == 16 ? 8 : 0, address.length));
        }

        private static long number(byte[] bytes, int from, int to) {
            long number = 0;
            for (int i = from; i < to; i++) {
                number = (number << Byte.SIZE) | (bytes[i] & 0xff);
            }
            return number;
        }
    }

    /** One client's buckets. */
    static final class Client {
        private final AtomicLong second = new AtomicLong(NEVER_USED);
        private final AtomicLong minute = new AtomicLong(NEVER_USED);
        private final AtomicInteger connections = new AtomicInteger();

        private boolean isIdle(long now) {
            return connections.get() == 0 && isEmpty(second, now) && isEmpty(minute, now);
        }

        private static boolean isEmpty(AtomicLong bucket, long now) {
            long emptyAt = bucket.get();
            return emptyAt == NEVER_USED || emptyAt - now <= -MINUTE;
        }
    }

    /** @param replicas how many gateways share the limits */
    RateZone(Rates rates, IntSupplier replicas) {
        this.rates = rates;
        this.replicas = replicas;
    }

    Rates rates() {
        return rates;
    }

    Client client(byte[] address, long now) {
        Key key = Key.of(address);
        Client known = clients.get(key);
        if (known != null) {
            return known;
        }
        makeRoom(now);
        return clients.computeIfAbsent(key, _ -> new Client());
    }

    /** Forgets clients whose buckets are empty, now and then; and anybody, if there are too many. */
    private void makeRoom(long now) {
        int limit = sweepAt.get();
        if (clients.size() < limit || !sweepAt.compareAndSet(limit, Integer.MAX_VALUE)) {
            return; // somebody else is at it
        }
        clients.values().removeIf(client -> client.isIdle(now));
        Iterator<Client> any = clients.values().iterator();
        for (int tooMany = clients.size() - MOST_CLIENTS * 3 / 4; tooMany > 0 && any.hasNext(); tooMany--) {
            if (any.next().connections.get() == 0) {
                any.remove();
            }
        }
        sweepAt.set(Math.min(MOST_CLIENTS, Math.max(FIRST_SWEEP, clients.size() * 2)));
    }

    /** Whether the client may have one more request at the same time; {@link #leave} must follow if so. */
    boolean enter(Client client) {
        int most = Math.ceilDiv(rates.connections().orElse(Integer.MAX_VALUE), shares());
        if (client.connections.incrementAndGet() > most) {
            client.connections.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave(Client client) {
        client.connections.decrementAndGet();
    }

    /** Whether the client may have one more request now. One that is refused is not counted. */
    boolean take(Client client, long now) {
        boolean thisSecond = take(client.second, rates.perSecond(), SECOND, now);
        if (thisSecond && !take(client.minute, rates.perMinute(), MINUTE, now)) {
            rates.perSecond().ifPresent(limit -> client.second.addAndGet(-interval(limit, SECOND)));
            return false;
        }
        return thisSecond;
    }

    /**
     * A request makes its bucket empty later by one interval. It is refused if that would be later than {@code burst} requests take,
     * which are {@code burst} periods, however many gateways share the limit.
     */
    private boolean take(AtomicLong bucket, OptionalInt limit, long period, long now) {
        if (limit.isEmpty()) {
            return true;
        }
        long interval = interval(limit.getAsInt(), period);
        while (true) {
            long before = bucket.get();
            boolean first = before == NEVER_USED || before + interval - now < 0;
            long after = first ? now : before + interval;
            if (after - now > rates.burst() * period) {
                return false;
            }
            if (bucket.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    private long interval(int limit, long period) {
        return period * shares() / limit;
    }

    private int shares() {
        return Math.max(1, replicas.getAsInt());
    }
}
