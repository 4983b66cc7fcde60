package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ready endpoints of a backend at one moment, and the tables that balancers make of them. A table is made when it is first asked for;
 * {@link #successor} makes those at once that were in use before, so that event loops seldom have to.
 */
public final class Candidates {
    public static final Candidates NONE = new Candidates(List.of(), _ -> new Load());

    private final List<Endpoint> endpoints;
    private final Load[] loads;
    // Made by whoever needs one first. Two loops may do that at once; both make the same.
    private volatile @Nullable Ring ring;
    private volatile @Nullable Buckets buckets;
    private volatile @Nullable Maglev maglev;
    private volatile Map<Integer, Subsets> subsets = Map.of();

    private Candidates(List<Endpoint> endpoints, Function<Endpoint, Load> loads) {
        this.endpoints = List.copyOf(endpoints);
        this.loads = endpoints.stream().map(loads).toArray(Load[]::new);
    }

    /**
     * Other endpoints in place of these.
     *
     * @param loads what is known of each, by whatever Service it is reached
     * @param now   by {@link System#nanoTime}
     */
    public Candidates successor(List<Endpoint> after, Function<Endpoint, Load> loads, long now) {
        Candidates next = new Candidates(after, loads);
        next.introduceNewcomers(now);
        if (ring != null) {
            next.ring();
        }
        if (buckets != null) {
            next.buckets();
        }
        if (maglev != null) {
            next.maglev();
        }
        subsets.keySet().forEach(next::subsets);
        return next;
    }

    /** All but these; what is known of the others stays. */
    public Candidates without(Set<Endpoint> out) {
        Map<Endpoint, Load> known = new HashMap<>();
        List<Endpoint> left = new ArrayList<>();
        for (int i = 0; i < loads.length; i++) {
            if (!out.contains(endpoints.get(i))) {
                left.add(endpoints.get(i));
                known.put(endpoints.get(i), loads[i]);
            }
        }
        return new Candidates(left, endpoint -> known.computeIfAbsent(endpoint, _ -> new Load()));
    }

    private void introduceNewcomers(long now) {
        IntStream known = IntStream.range(0, loads.length).filter(i -> loads[i].isKnown());
        known.mapToDouble(i -> loads[i].lastScore()).average().ifPresent(average -> {
            for (Load load : loads) {
                load.startWith(average, now);
            }
        });
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    public boolean isEmpty() {
        return endpoints.isEmpty();
    }

    public int size() {
        return loads.length;
    }

    public Endpoint get(int i) {
        return endpoints.get(i);
    }

    public Load load(int i) {
        return loads[i];
    }

    Ring ring() {
        Ring known = ring;
        if (known == null) {
            known = new Ring(endpoints.stream().map(Endpoint::toString).toList());
            ring = known;
        }
        return known;
    }

    Buckets buckets() {
        Buckets known = buckets;
        if (known == null) {
            known = new Buckets(endpoints.size());
            buckets = known;
        }
        return known;
    }

    Maglev maglev() {
        Maglev known = maglev;
        if (known == null) {
            known = new Maglev(endpoints.stream().map(Endpoint::toString).toList());
            maglev = known;
        }
        return known;
    }

    Subsets subsets(int size) {
        Subsets known = subsets.get(size);
        if (known == null) {
            known = new Subsets(endpoints.size(), size);
            Map<Integer, Subsets> more = new HashMap<>(subsets);
            more.put(size, known);
            subsets = Map.copyOf(more);
        }
        return known;
    }
}
