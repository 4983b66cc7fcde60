package dev.linnet.apiserver.cel;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value under validation, and what it was before.
 *
 * @param old   its earlier value; empty where there was none or where it cannot be told which it was
 * @param above the nearest value around it whose earlier value is known
 */
record Seen(Object value, Optional<Object> old, Optional<Seen> above) {

    static Seen root(Object value, Optional<Object> old) {
        return new Seen(value, old, Optional.empty());
    }

    /** Rules that a value breaks are not held against a write that leaves it as it was. */
    boolean unchanged() {
        return old.map(before -> Sameness.same(before, value))
                .orElseGet(() -> above.map(Seen::unchanged).orElse(false));
    }

    Seen field(String name, Object field) {
        Optional<Object> before = old.flatMap(
                o -> o instanceof Map<?, ?> map ? Optional.<Object>ofNullable(map.get(name)) : Optional.empty());
        return within(field, before);
    }

    /** Only items of lists of type map are known to be the same ones. */
    Seen item(Object item) {
        Optional<Object> before = old.flatMap(o -> o instanceof KeyedList keyed
                ? Optional.ofNullable(keyed.byKey().get(keyed.key(item)))
                : Optional.empty());
        return within(item, before);
    }

    private Seen within(Object inner, Optional<Object> before) {
        return new Seen(inner, before, old.isPresent() ? Optional.of(this) : above);
    }

    List<?> items() {
        return value instanceof List<?> list ? list : List.of();
    }

    Map<?, ?> fields() {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
