package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The types that a structural schema gives its values in rules. What a schema says nothing of has no type, and rules cannot
 * name it. See Kubernetes' "Validation rules: supported types".
 */
final class SchemaTypes {
    private final Map<String, CelType> structs = new HashMap<>();

    /**
     * @param name unique among all types of a schema; messages show it
     * @param root whether it is a whole object, of which kind, apiVersion and the name can be asked
     */
    Optional<CelType> of(JsonNode schema, String name, boolean root) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return Optional.of(SimpleType.DYN);
        }
        return switch (schema.path("type").asText()) {
            case "array" ->
                of(schema.path("items"), name + ".@idx", isEmbedded(schema.path("items")))
                        .map(ListType::create);
            case "object" -> object(schema, name, root);
            case "string" -> Optional.of(text(schema.path("format").asText()));
            case "boolean" -> Optional.of(SimpleType.BOOL);
            case "number" -> Optional.of(SimpleType.DOUBLE);
            case "integer" -> Optional.of(SimpleType.INT);
            default -> Optional.empty();
        };
    }

    static boolean isEmbedded(JsonNode schema) {
        return schema.path("x-kubernetes-embedded-resource").asBoolean();
    }

    private static CelType text(String format) {
        return switch (format) {
            case "byte" -> SimpleType.BYTES;
            case "duration" -> SimpleType.DURATION;
            case "date", "date-time" -> SimpleType.TIMESTAMP;
            default -> SimpleType.STRING;
        };
    }

    private Optional<CelType> object(JsonNode schema, String name, boolean root) {
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            return of(values, name + ".@elem", isEmbedded(values)).map(type -> MapType.create(SimpleType.STRING, type));
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(property -> {
            Optional<String> field = FieldNames.escaped(property.getKey());
            Optional<CelType> type =
                    of(property.getValue(), name + "." + property.getKey(), isEmbedded(property.getValue()));
            if (field.isPresent() && type.isPresent()) {
                fields.put(field.get(), type.get());
            }
        });
        if (root) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put(
                    "metadata",
                    struct(name + ".metadata", Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING)));
        }
        return Optional.of(struct(name, fields));
    }

    private CelType struct(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
        StructType type = StructType.create(name, known.keySet(), field -> Optional.ofNullable(known.get(field)));
        structs.put(name, type);
        return type;
    }

    /** All objects among the types that were made here. */
    CelTypeProvider provider() {
        return new Structs(ImmutableMap.copyOf(structs));
    }

    private record Structs(ImmutableMap<String, CelType> byName) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return byName.values();
        }

        @Override
        public Optional<CelType> findType(String typeName) {
            return Optional.ofNullable(byName.get(typeName));
        }
    }
}
