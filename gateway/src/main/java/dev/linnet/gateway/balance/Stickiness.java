package dev.linnet.gateway.balance;

import dev.linnet.routing.AffinityCookie;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Affinity.Mode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** Finds the endpoint of a session's key, and makes keys for new sessions (§1.11.4). One instance serves one event loop. */
public final class Stickiness {
    /** No endpoint. */
    public static final int NONE = -1;

    private static final int MOST_DRAWS = 20;
    private static final int LARGEST_SERIAL = 1_000_000;

    private final ServiceRef backend;
    private final Mode mode;
    private final RandomGenerator random;
    private final long loop;
    private Candidates named = Candidates.NONE;
    private Map<String, Integer> byName = Map.of();

    /**
     * A new session.
     *
     * @param endpoint its place among the candidates
     */
    public record Start(String key, int endpoint) {}

    public Stickiness(ServiceRef backend, Mode mode, RandomGenerator random) {
        this.backend = backend;
        this.mode = mode;
        this.random = random;
        this.loop = random.nextInt(LARGEST_SERIAL);
    }

    /** The place of the endpoint that a key means, {@link #NONE} if it means none of these. */
    public int find(Candidates ready, String key) {
        return switch (mode) {
            case BALANCED -> ready.ring().owner(crc(key));
            case PERSISTENT -> names(ready).getOrDefault(key, NONE);
        };
    }

    /** Begins a session with an endpoint that was not tried; empty if none is left. */
    public Optional<Start> start(Candidates ready, List<Endpoint> tried, Instant now) {
        return switch (mode) {
            case BALANCED -> draw(ready, tried, now);
            case PERSISTENT -> choose(ready, tried);
        };
    }

    private Optional<Start> draw(Candidates ready, List<Endpoint> tried, Instant now) {
        for (int i = 0; i < MOST_DRAWS; i++) {
            String key = now.getEpochSecond() + "." + now.getNano() / 1_000_000 + "." + loop + "."
                    + random.nextInt(1, LARGEST_SERIAL);
            int found = find(ready, key);
            if (!tried.contains(ready.get(found))) {
                return Optional.of(new Start(key, found));
            }
        }
        return Optional.empty();
    }

    private Optional<Start> choose(Candidates ready, List<Endpoint> tried) {
        int first = random.nextInt(ready.size());
        for (int i = 0; i < ready.size(); i++) {
            int candidate = (first + i) % ready.size();
            if (!tried.contains(ready.get(candidate))) {
                return Optional.of(new Start(AffinityCookie.persistentKey(backend, ready.get(candidate)), candidate));
            }
        }
        return Optional.empty();
    }

    private Map<String, Integer> names(Candidates ready) {
        if (!named.equals(ready)) {
            Map<String, Integer> names = HashMap.newHashMap(ready.size());
            for (int i = 0; i < ready.size(); i++) {
                names.put(AffinityCookie.persistentKey(backend, ready.get(i)), i);
            }
            byName = names;
            named = ready;
        }
        return byName;
    }

    private static int crc(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.ISO_8859_1));
        return (int) crc.getValue();
    }
}
