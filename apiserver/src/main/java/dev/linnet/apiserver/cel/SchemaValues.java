package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of an object as rules see them, by its schema. The object is valid by that schema. */
final class SchemaValues {
    private static final JsonNode UNKNOWN = MissingNode.getInstance();

    private SchemaValues() {}

    static Object of(JsonNode value, JsonNode schema) {
        return switch (value.getNodeType()) {
            case NULL, MISSING, POJO, BINARY -> NullValue.NULL_VALUE;
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(value, schema);
            case STRING -> text(value.textValue(), schema);
            case ARRAY -> list(value, schema);
            case OBJECT -> object(value, schema);
        };
    }

    private static Object number(JsonNode value, JsonNode schema) {
        boolean fraction = schema.path("type").asText().equals("number") || !isWhole(value);
        return fraction ? (Object) value.doubleValue() : (Object) value.longValue();
    }

    /** 2.0 is an integer, too. */
    private static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber()
                || value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static Object text(String text, JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return text;
        }
        try {
            return switch (schema.path("format").asText()) {
                case "byte" -> CelByteString.of(Base64.getMimeDecoder().decode(text));
                case "duration" -> GoDurations.parse(text);
                case "date" ->
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
                case "date-time" -> instant(text);
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException _) {
            // The format's own check is broader than this; a rule then meets text where it expects a time, and fails.
            return text;
        }
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text.replace(' ', 'T').toUpperCase(java.util.Locale.ROOT))
                .toInstant();
    }

    private static List<Object> list(JsonNode value, JsonNode schema) {
        List<Object> items = new ArrayList<>(value.size());
        value.forEach(item -> items.add(of(item, schema.path("items"))));
        return switch (schema.path("x-kubernetes-list-type").asText()) {
            case "set" -> new SetList(items);
            case "map" -> new KeyedList(items, keys(schema));
            default -> items;
        };
    }

    private static List<String> keys(JsonNode schema) {
        List<String> keys = new ArrayList<>();
        for (JsonNode key : schema.path("x-kubernetes-list-map-keys")) {
            keys.add(FieldNames.escaped(key.asText()).orElse(key.asText()));
        }
        return keys;
    }

    private static Map<String, Object> object(JsonNode value, JsonNode schema) {
        JsonNode values = schema.path("additionalProperties");
        JsonNode properties = schema.path("properties");
        Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(value.size());
        value.properties().forEach(field -> {
            String name = field.getKey();
            if (values.isObject()) {
                fields.put(name, of(field.getValue(), values));
            } else if (!field.getValue().isNull()) {
                // A field that is null is as good as absent; its schema says whether it may be.
                JsonNode type = properties.has(name) ? properties.path(name) : UNKNOWN;
                fields.put(FieldNames.escaped(name).orElse(name), of(field.getValue(), type));
            }
        });
        return fields;
    }
}
