package dev.linnet.manifests.gotemplate;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a pipeline can be. */
public sealed interface Value {
    record Text(String text) implements Value {}

    record Whole(long number) implements Value {}

    record Decimal(double number) implements Value {}

    record Truth(boolean is) implements Value {}

    record Fields(SortedMap<String, String> fields) implements Value {
        public Fields {
            fields = new TreeMap<>(fields);
        }
    }

    /** Go's nil: the dot of a template without data. */
    record Nothing() implements Value {}

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(Map<String, String> fields) {
        return new Fields(new TreeMap<>(fields));
    }

    /** Whether {@code if} takes it for true. */
    default boolean isTrue() {
        return switch (this) {
            case Text(String text) -> !text.isEmpty();
            case Whole(long number) -> number != 0;
            case Decimal(double number) -> number != 0;
            case Truth(boolean is) -> is;
            case Fields(SortedMap<String, String> fields) -> !fields.isEmpty();
            case Nothing _ -> false;
        };
    }

    /** As Go prints it. */
    default String shown() {
        return switch (this) {
            case Text(String text) -> text;
            case Whole(long number) -> Long.toString(number);
            case Decimal(double number) -> GoNumbers.shortest(number);
            case Truth(boolean is) -> Boolean.toString(is);
            case Fields(SortedMap<String, String> fields) ->
                fields.entrySet().stream()
                        .map(field -> field.getKey() + ":" + field.getValue())
                        .collect(Collectors.joining(" ", "map[", "]"));
            case Nothing _ -> "<no value>";
        };
    }

    /** What Go calls it. */
    default String type() {
        return switch (this) {
            case Text _ -> "string";
            case Whole _ -> "int";
            case Decimal _ -> "float64";
            case Truth _ -> "bool";
            case Fields _ -> "map[string]string";
            case Nothing _ -> "nil";
        };
    }
}
