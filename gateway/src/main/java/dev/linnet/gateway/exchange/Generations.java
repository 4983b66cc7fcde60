package dev.linnet.gateway.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is kept for keys that go out of use without anybody saying so: those that are asked for between two calls of {@link #turn} stay,
 * others are forgotten at the second call. One thread uses it.
 */
final class Generations<K, V> {
    private Map<K, V> young = new HashMap<>();
    private Map<K, V> old = new HashMap<>();

    /** The value, made if it is not there. */
    V get(K key, Function<? super K, ? extends V> make) {
        V known = young.get(key);
        return known == null ? find(key, make) : known;
    }

    private V find(K key, Function<? super K, ? extends V> make) {
        V kept = old.remove(key);
        V value = kept == null ? make.apply(key) : kept;
        young.put(key, value);
        return value;
    }

    /** Forgets what was not asked for since the last call. */
    void turn() {
        old = young;
        young = new HashMap<>();
    }
}
