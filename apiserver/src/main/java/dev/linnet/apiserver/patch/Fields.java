package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.schema.Schema;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which fields a value holds, as far as its type lets them be owned one by one. */
final class Fields {
    private Fields() {}

    /**
     * The fields that whoever applies {@code value} owns. A named field of an object type is owned through its leaves
     * only; entries of maps and elements of lists are owned themselves too.
     */
    static FieldSet of(JsonNode value, Schema schema) {
        NavigableMap<PathElement, FieldSet> below = new TreeMap<>();
        switch (Shape.of(value, schema)) {
            case LEAF -> {
                return FieldSet.SELF;
            }
            case MAP ->
                value.properties()
                        .forEach(field -> below.put(
                                PathElement.field(field.getKey()), ofField(field.getKey(), field.getValue(), schema)));
            case LIST ->
                ListItems.byKey(value, schema)
                        .forEach((key, items) -> below.put(
                                key,
                                items.size() > 1
                                        ? FieldSet.SELF
                                        : of(items.getFirst(), Untyped.item(schema))
                                                .plus(FieldSet.SELF)));
        }
        return FieldSet.of(false, below);
    }

    /**
     * Adds the named fields on the way to each path. {@link #of} leaves them out; where fields are removed they count, so
     * that an object goes when its last field goes.
     */
    static FieldSet withParents(FieldSet fields, Schema schema) {
        NavigableMap<PathElement, FieldSet> below = new TreeMap<>();
        for (PathElement step : fields.steps()) {
            boolean named = step.isField() && schema.property(step.fieldName()).isPresent();
            Schema type = step.isField() ? Untyped.field(schema, step.fieldName()) : Untyped.item(schema);
            FieldSet child = withParents(fields.at(step), type);
            below.put(step, named ? child.plus(FieldSet.SELF) : child);
        }
        return FieldSet.of(fields.self(), below);
    }

    private static FieldSet ofField(String name, JsonNode value, Schema parent) {
        FieldSet fields = of(value, Untyped.field(parent, name));
        boolean itself = parent.property(name).isEmpty() || (value.isObject() && value.isEmpty());
        return itself ? fields.plus(FieldSet.SELF) : fields;
    }
}
