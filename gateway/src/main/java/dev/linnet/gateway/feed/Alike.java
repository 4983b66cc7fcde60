package dev.linnet.gateway.feed;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps one of several equal values, as far as it remembers: it begins anew when there are too many. So it never grows, and of values that
 * thousands have in common there are a few. Used by one thread.
 */
final class Alike<T> {
    private static final int MOST = 1024;

    private final Map<T, T> known = new HashMap<>();

    T of(T value) {
        if (known.size() >= MOST) {
            known.clear();
        }
        T before = known.putIfAbsent(value, value);
        return before == null ? value : before;
    }
}
