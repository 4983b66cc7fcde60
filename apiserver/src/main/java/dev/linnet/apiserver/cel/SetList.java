package dev.linnet.apiserver.cel;

import java.util.AbstractList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.RandomAccess;

/** A list of {@code x-kubernetes-list-type: set}: its order means nothing, and adding is a union. */
final class SetList extends AbstractList<Object> implements RandomAccess {
    private final List<Object> items;

    SetList(List<Object> items) {
        this.items = items;
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    SetList plus(List<?> others) {
        LinkedHashSet<Object> all = new LinkedHashSet<>(items);
        all.addAll(others);
        return new SetList(List.copyOf(all));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof List<?> list && list.size() == size() && new HashSet<>(items).containsAll(list);
    }

    @Override
    public int hashCode() {
        return new HashSet<>(items).hashCode();
    }
}
