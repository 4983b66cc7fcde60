package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A set of field paths, kept as the tree that FieldsV1 is: a node says whether the path that leads to it is in the set
 * and which longer paths are. Holding a parent says nothing of its children, and the other way round. Immutable.
 */
final class FieldSet {
    static final FieldSet EMPTY = new FieldSet(false, Collections.emptyNavigableMap());
    /** Only the path that leads here. */
    static final FieldSet SELF = new FieldSet(true, Collections.emptyNavigableMap());

    private final boolean self;
    private final NavigableMap<PathElement, FieldSet> below;

    private FieldSet(boolean self, NavigableMap<PathElement, FieldSet> below) {
        this.self = self;
        this.below = below;
    }

    /** Empty sets below are left out. */
    static FieldSet of(boolean self, NavigableMap<PathElement, FieldSet> below) {
        NavigableMap<PathElement, FieldSet> kept = new TreeMap<>(below);
        kept.values().removeIf(FieldSet::isEmpty);
        if (kept.isEmpty()) {
            return self ? SELF : EMPTY;
        }
        return new FieldSet(self, Collections.unmodifiableNavigableMap(kept));
    }

    /** @throws IllegalArgumentException unless {@code json} is a FieldsV1 tree */
    static FieldSet parse(JsonNode json) {
        if (!(json instanceof ObjectNode tree)) {
            throw new IllegalArgumentException("fieldsV1 holds " + json + " (expected: an object)");
        }
        boolean self = false;
        NavigableMap<PathElement, FieldSet> below = new TreeMap<>();
        for (var field : tree.properties()) {
            if (field.getKey().equals(".")) {
                self = true;
            } else {
                FieldSet child = parse(field.getValue());
                below.merge(PathElement.parse(field.getKey()), child.isEmpty() ? SELF : child, FieldSet::plus);
            }
        }
        return of(self, below);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (self && !below.isEmpty()) {
            json.putObject(".");
        }
        below.forEach((step, child) -> json.set(step.text(), child.toJson()));
        return json;
    }

    boolean isEmpty() {
        return !self && below.isEmpty();
    }

    /** Whether the path that leads here is in the set. */
    boolean self() {
        return self;
    }

    Set<PathElement> steps() {
        return below.keySet();
    }

    FieldSet at(PathElement step) {
        return below.getOrDefault(step, EMPTY);
    }

    FieldSet plus(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        return isEmpty() ? other : combined(other, self || other.self, FieldSet::plus);
    }

    FieldSet minus(FieldSet other) {
        return other.isEmpty() || isEmpty() ? this : combined(other, self && !other.self, FieldSet::minus);
    }

    FieldSet and(FieldSet other) {
        return isEmpty() || other.isEmpty() ? EMPTY : combined(other, self && other.self, FieldSet::and);
    }

    /** All paths as messages show them: those that end at a level before those that go deeper. */
    List<String> shown() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && self == set.self && below.equals(set.below);
    }

    @Override
    public int hashCode() {
        return 31 * below.hashCode() + Boolean.hashCode(self);
    }

    @Override
    public String toString() {
        return toJson().toString();
    }

    private FieldSet combined(FieldSet other, boolean newSelf, BiFunction<FieldSet, FieldSet, FieldSet> operation) {
        NavigableMap<PathElement, FieldSet> result = new TreeMap<>();
        below.forEach((step, child) -> result.put(step, operation.apply(child, other.at(step))));
        other.below.forEach((step, child) -> result.computeIfAbsent(step, _ -> operation.apply(EMPTY, child)));
        return of(newSelf, result);
    }

    private void collect(String prefix, List<String> paths) {
        below.forEach((step, child) -> {
            if (child.self) {
                paths.add(prefix + step.shown());
            }
        });
        below.forEach((step, child) -> child.collect(prefix + step.shown(), paths));
    }
}
