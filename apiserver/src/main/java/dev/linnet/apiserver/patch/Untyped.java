package dev.linnet.apiserver.patch;

import dev.linnet.apiserver.schema.Schema;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The type of a value that no schema names: its maps are granular, its lists atomic. */
final class Untyped implements Schema {
    private static final Untyped INSTANCE = new Untyped();

    private Untyped() {}

    /** The type of a field; untyped where {@code schema} does not name one. */
    static Schema field(Schema schema, String name) {
        return schema.property(name).or(schema::values).orElse(INSTANCE);
    }

    static Schema item(Schema schema) {
        return schema.items().orElse(INSTANCE);
    }

    @Override
    public String type() {
        return "";
    }

    @Override
    public Optional<Schema> property(String name) {
        return Optional.empty();
    }

    @Override
    public Set<String> properties() {
        return Set.of();
    }

    @Override
    public Optional<Schema> items() {
        return Optional.empty();
    }

    @Override
    public Optional<Schema> values() {
        return Optional.empty();
    }

    @Override
    public boolean preservesUnknownFields() {
        return true;
    }

    @Override
    public ListType listType() {
        return ListType.ATOMIC;
    }

    @Override
    public List<String> listMapKeys() {
        return List.of();
    }

    @Override
    public boolean atomicMap() {
        return false;
    }

    @Override
    public Set<String> patchStrategies() {
        return Set.of();
    }

    @Override
    public Optional<String> patchMergeKey() {
        return Optional.empty();
    }

    @Override
    public Optional<String> defaultJson() {
        return Optional.empty();
    }
}
