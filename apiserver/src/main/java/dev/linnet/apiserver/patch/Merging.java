package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lays an applied configuration over the live object. Nothing is removed here: that is {@link Removing}'s. */
final class Merging {
    private static final JsonNode MISSING = MissingNode.getInstance();

    private Merging() {}

    static JsonNode merge(JsonNode live, JsonNode applied, Schema schema) {
        if (applied.isMissingNode()) {
            return live;
        }
        if (live.isMissingNode()) {
            return applied.deepCopy();
        }
        Shape shape = Shape.ofBoth(live, applied, schema);
        if (shape == Shape.LEAF || (live.isEmpty() && applied.isEmpty())) {
            return JsonValues.same(live, applied) ? live : applied.deepCopy();
        }
        return shape == Shape.MAP ? maps(live, applied, schema) : lists(live, applied, schema);
    }

    private static ObjectNode maps(JsonNode live, JsonNode applied, Schema schema) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        live.properties().forEach(field -> result.set(field.getKey(), field.getValue()));
        applied.properties().forEach(field -> {
            Schema type = Untyped.field(schema, field.getKey());
            result.set(field.getKey(), merge(live.path(field.getKey()), field.getValue(), type));
        });
        return result;
    }

    /**
     * The applied order counts for the elements it names. Those that only the live list has keep their place before the
     * named element that followed them, where the applied order allows it.
     */
    private static ArrayNode lists(JsonNode live, JsonNode applied, Schema schema) {
        Map<PathElement, List<JsonNode>> old = ListItems.byKey(live, schema);
        Map<PathElement, List<JsonNode>> wanted = ListItems.byKey(applied, schema);
        Deque<PathElement> shared = new ArrayDeque<>(wanted.keySet());
        shared.retainAll(old.keySet());
        LiveOnly liveOnly = new LiveOnly(live, schema, wanted.keySet(), shared);

        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<PathElement, List<JsonNode>> item : wanted.entrySet()) {
            PathElement key = item.getKey();
            liveOnly.upTo(key, result);
            List<JsonNode> before = old.getOrDefault(key, List.of());
            // Where the live list holds one key twice, neither is the one to merge with: what was applied replaces
            // both.
            JsonNode one = before.size() == 1 ? before.getFirst() : MISSING;
            result.add(merge(one, item.getValue().getFirst(), Untyped.item(schema)));
            liveOnly.placed(key);
        }
        liveOnly.rest(result);
        return result;
    }

    /** A cursor over the live list that hands out the elements nobody applied. */
    private static final class LiveOnly {
        private final JsonNode live;
        private final Schema schema;
        private final Set<PathElement> wanted;
        private final Deque<PathElement> shared;
        private final Set<PathElement> placed = new HashSet<>();
        private int next;

        LiveOnly(JsonNode live, Schema schema, Set<PathElement> wanted, Deque<PathElement> shared) {
            this.live = live;
            this.schema = schema;
            this.wanted = wanted;
            this.shared = shared;
        }

        void upTo(PathElement due, ArrayNode result) {
            while (next < live.size()) {
                PathElement key = ListItems.key(live.path(next), schema).orElseThrow();
                if (key.equals(due)) {
                    next++;
                    return;
                }
                if (!wanted.contains(key)) {
                    result.add(live.path(next++));
                } else if (!shared.isEmpty() && !key.equals(shared.getFirst())) {
                    next++;
                } else {
                    next += placed.contains(key) ? 1 : 0;
                    return;
                }
            }
        }

        void placed(PathElement key) {
            placed.add(key);
            if (key.equals(shared.peekFirst())) {
                shared.removeFirst();
            }
        }

        void rest(ArrayNode result) {
            for (; next < live.size(); next++) {
                if (!wanted.contains(ListItems.key(live.path(next), schema).orElseThrow())) {
                    result.add(live.path(next));
                }
            }
        }
    }
}
