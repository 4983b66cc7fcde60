package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What differs between two states of an object. No path is in more than one of the sets. */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {
    private static final Comparison NONE = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);
    private static final JsonNode MISSING = MissingNode.getInstance();

    /**
     * Structs that built-in types hold by value: in a real API server they are always there, so nobody ever adds one, and
     * its own entry never shows in managedFields.
     */
    private static final Set<String> ALWAYS_THERE = Set.of(
            "metadata", "spec", "status", "template", "strategy", "updateStrategy", "jobTemplate", "loadBalancer");

    /** @param builtIn whether the objects are of a built-in kind rather than custom resources */
    static Comparison between(ObjectNode before, ObjectNode after, Schema schema, boolean builtIn) {
        return compare(before, after, schema, builtIn);
    }

    /** Fields that have another value than before. */
    FieldSet changed() {
        return modified.plus(added);
    }

    private static Comparison compare(JsonNode before, JsonNode after, Schema schema, boolean builtIn) {
        return switch (Shape.ofBoth(before, after, schema)) {
            case LEAF -> leaf(before, after);
            case MAP ->
                before.isEmpty() && after.isEmpty() ? leaf(before, after) : maps(before, after, schema, builtIn);
            case LIST ->
                before.isEmpty() && after.isEmpty() ? leaf(before, after) : lists(before, after, schema, builtIn);
        };
    }

    private static Comparison leaf(JsonNode before, JsonNode after) {
        if (before.isMissingNode()) {
            return new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.SELF);
        }
        if (after.isMissingNode()) {
            return new Comparison(FieldSet.SELF, FieldSet.EMPTY, FieldSet.EMPTY);
        }
        return JsonValues.same(before, after) ? NONE : new Comparison(FieldSet.EMPTY, FieldSet.SELF, FieldSet.EMPTY);
    }

    private static Comparison maps(JsonNode before, JsonNode after, Schema schema, boolean builtIn) {
        Collected result = new Collected();
        Set<String> names = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            Schema type = Untyped.field(schema, name);
            Comparison child = compare(before.path(name), after.path(name), type, builtIn);
            boolean struct =
                    builtIn && ALWAYS_THERE.contains(name) && !type.properties().isEmpty();
            result.put(PathElement.field(name), struct ? child.withoutSelf() : child);
        }
        return result.of(before, after);
    }

    private static Comparison lists(JsonNode before, JsonNode after, Schema schema, boolean builtIn) {
        Collected result = new Collected();
        Map<PathElement, List<JsonNode>> old = ListItems.byKey(before, schema);
        Map<PathElement, List<JsonNode>> now = ListItems.byKey(after, schema);
        Set<PathElement> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        for (PathElement key : keys) {
            result.put(
                    key,
                    items(
                            old.getOrDefault(key, List.of()),
                            now.getOrDefault(key, List.of()),
                            Untyped.item(schema),
                            builtIn));
        }
        return result.of(before, after);
    }

    /** Elements that share a key are owned together, as one atomic value. */
    private static Comparison items(List<JsonNode> before, List<JsonNode> after, Schema schema, boolean builtIn) {
        if (before.size() <= 1 && after.size() <= 1) {
            return compare(one(before), one(after), schema, builtIn);
        }
        if (before.size() > 1 && after.size() > 1) {
            boolean same = before.size() == after.size();
            for (int i = 0; same && i < before.size(); i++) {
                same = JsonValues.same(before.get(i), after.get(i));
            }
            return same ? NONE : new Comparison(FieldSet.EMPTY, FieldSet.SELF, FieldSet.EMPTY);
        }
        if (before.size() > 1) {
            FieldSet added = after.isEmpty() ? FieldSet.EMPTY : compare(MISSING, one(after), schema, builtIn).added;
            return new Comparison(FieldSet.SELF, FieldSet.EMPTY, added.minus(FieldSet.SELF));
        }
        FieldSet removed = before.isEmpty() ? FieldSet.EMPTY : compare(one(before), MISSING, schema, builtIn).removed;
        return new Comparison(removed.minus(FieldSet.SELF), FieldSet.EMPTY, FieldSet.SELF);
    }

    private static JsonNode one(List<JsonNode> items) {
        return items.isEmpty() ? MISSING : items.getFirst();
    }

    private Comparison withoutSelf() {
        return new Comparison(removed.minus(FieldSet.SELF), modified, added.minus(FieldSet.SELF));
    }

    /** The comparisons of all children of one value. */
    private static final class Collected {
        private final NavigableMap<PathElement, FieldSet> removed = new TreeMap<>();
        private final NavigableMap<PathElement, FieldSet> modified = new TreeMap<>();
        private final NavigableMap<PathElement, FieldSet> added = new TreeMap<>();

        void put(PathElement step, Comparison child) {
            removed.put(step, child.removed);
            modified.put(step, child.modified);
            added.put(step, child.added);
        }

        Comparison of(JsonNode before, JsonNode after) {
            return new Comparison(
                    FieldSet.of(after.isMissingNode(), removed),
                    FieldSet.of(false, modified),
                    FieldSet.of(before.isMissingNode(), added));
        }
    }
}
