package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@code kubectl get} shows of a kind: each column together with how its cell is found. Immutable. */
record Table(List<Entry> entries) {
    static final String NONE = "<none>";
    static final String UNKNOWN = "<unknown>";
    static final String UNSET = "<unset>";

    /** An object to be shown, and the moment that ages are counted to. */
    record Row(ObjectNode object, Instant now) {
        String text(String... path) {
            return Json.text(object, path);
        }

        long number(String... path) {
            return Json.number(object, path);
        }

        JsonNode at(String... path) {
            return Json.at(object, path);
        }

        String since(String... path) {
            return HumanDuration.since(text(path), now);
        }
    }

    record Entry(Column column, Function<Row, Object> cell) {}

    Table {
        entries = List.copyOf(entries);
    }

    /** Name and age, for kinds of which people need to see no more. */
    static Table nameAndAge() {
        return named().age();
    }

    static Table named() {
        Column name = new Column(
                "Name",
                "string",
                "name",
                "Name must be unique within a namespace. Is required when creating resources, although some resources may"
                        + " allow a client to request the generation of an appropriate name automatically.",
                0);
        return new Table(List.of(new Entry(name, row -> row.text("metadata", "name"))));
    }

    Table age() {
        return with("Age", "When the object was made", row -> HumanDuration.age(row.object(), row.now()));
    }

    /** The moment itself, as RBAC roles and CRDs show it. */
    Table createdAt() {
        Column column = new Column("Created At", "date", "", "When the object was made", 0);
        return and(new Entry(column, row -> row.text("metadata", "creationTimestamp")));
    }

    Table with(String name, String description, Function<Row, Object> cell) {
        return and(new Entry(new Column(name, "string", "", description, 0), cell));
    }

    Table withNumber(String name, String description, Function<Row, Object> cell) {
        return and(new Entry(new Column(name, "integer", "", description, 0), cell));
    }

    /** Shown with {@code -o wide} only. */
    Table wide(String name, String description, Function<Row, Object> cell) {
        return and(new Entry(new Column(name, "string", "", description, 1), cell));
    }

    Table and(Entry entry) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(entry);
        return new Table(all);
    }

    List<Column> columns() {
        return entries.stream().map(Entry::column).toList();
    }

    List<Object> cells(ObjectNode object, Instant now) {
        Row row = new Row(object, now);
        return entries.stream().map(entry -> entry.cell().apply(row)).toList();
    }

    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    /** {@code app=web,tier=front}. */
    static String labels(JsonNode map) {
        List<String> pairs = new ArrayList<>();
        for (Map.Entry<String, String> label : Json.strings(map).entrySet()) {
            pairs.add(label.getKey() + "=" + label.getValue());
        }
        return orNone(String.join(",", pairs));
    }

    /** {@code a,b,c + 2 more...}. */
    static String firstOf(int max, List<String> all) {
        if (all.size() <= max) {
            return String.join(",", all);
        }
        return String.join(",", all.subList(0, max)) + " + " + (all.size() - max) + " more...";
    }
}
