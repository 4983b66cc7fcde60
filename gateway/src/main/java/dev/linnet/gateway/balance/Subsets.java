package dev.linnet.gateway.balance;

import java.util.ArrayList;
import java.util.List;

/**
 * Endpoints cut into sets in their order, the last one filled up from the beginning; a ring over the sets' names says which set a key
 * meets (§3.2, chashsubset).
 */
final class Subsets {
    private final Ring ring;
    private final int endpoints;
    private final int size;

    Subsets(int endpoints, int size) {
        this.endpoints = endpoints;
        this.size = size;
        int count = Math.ceilDiv(endpoints, size);
        List<String> names = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            names.add("set" + i);
        }
        this.ring = new Ring(names);
    }

    int set(int hash) {
        return ring.owner(hash);
    }

    /** Which endpoint the n-th of a set is. */
    int member(int set, int n) {
        return (set * size + n) % endpoints;
    }

    int size() {
        return size;
    }
}
