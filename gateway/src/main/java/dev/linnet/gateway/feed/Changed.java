package dev.linnet.gateway.feed;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is different between two maps. */
final class Changed {
    private Changed() {}

    /** The keys that only one of them has, or that lead to something else. */
    static <K, V> Set<K> keys(Map<K, V> before, Map<K, V> after) {
        Set<K> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return keys;
    }
}
