package dev.linnet.apiserver.cel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;

/** A list of {@code x-kubernetes-list-type: map}: items are known by their keys, and adding overwrites items of the same keys. */
final class KeyedList extends AbstractList<Object> implements RandomAccess {
    private final List<Object> items;
    private final List<String> keys;

    /** @param keys as rules call them, see {@link FieldNames} */
    KeyedList(List<Object> items, List<String> keys) {
        this.items = items;
        this.keys = keys;
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    /** What identifies an item among its siblings. */
    List<Object> key(Object item) {
        List<Object> key = new ArrayList<>();
        if (item instanceof Map<?, ?> fields) {
            keys.forEach(name -> key.add(Optional.<Object>ofNullable(fields.get(name))));
        }
        return key;
    }

    Map<List<Object>, Object> byKey() {
        Map<List<Object>, Object> found = LinkedHashMap.newLinkedHashMap(items.size());
        items.forEach(item -> found.put(key(item), item));
        return found;
    }

    KeyedList plus(List<?> others) {
        Map<List<Object>, Object> all = byKey();
        others.forEach(item -> all.put(key(item), item));
        return new KeyedList(List.copyOf(all.values()), keys);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof List<?> list) || list.size() != size()) {
            return false;
        }
        Map<List<Object>, Object> own = byKey();
        return list.stream().allMatch(item -> item.equals(own.get(key(item))));
    }

    @Override
    public int hashCode() {
        return byKey().keySet().hashCode();
    }
}
