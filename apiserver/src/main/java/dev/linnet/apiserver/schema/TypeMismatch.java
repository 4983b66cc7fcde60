package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the first value that Go could not have decoded into the kind's own type, in the words of Go's decoder: it names the
 * innermost struct, the path without indices, and the Go type. Custom resources have no Go type; of them only metadata is
 * looked at.
 */
final class TypeMismatch {
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final Pattern QUANTITY_TEXT = Pattern.compile("[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*");
    private static final String BASE64_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

    /** Go's names where they are not those of JSON. */
    private static final Map<String, String> GO_TYPES =
            Map.of("boolean", "bool", "number", "float64", "integer", "int64", "string", "string");

    private TypeMismatch() {}

    static Optional<String> find(ObjectNode object, Schema schema) {
        return find(object, schema, new Place(structName(schema), ""));
    }

    /** @param struct empty outside of Go types */
    private record Place(String struct, String path) {
        Place field(String name, Schema owner) {
            String owning = structName(owner);
            return new Place(owning.isEmpty() ? struct : owning, path.isEmpty() ? name : path + "." + name);
        }

        String into(String what, String goType) {
            return "json: cannot unmarshal " + what + " into Go struct field " + struct + "." + path + " of type "
                    + goType;
        }
    }

    private static Optional<String> find(JsonNode value, Schema schema, Place place) {
        if (value.isNull()) {
            return Optional.empty();
        }
        Optional<String> here = place.struct().isEmpty() ? Optional.empty() : own(value, schema, place);
        return here.isPresent() ? here : within(value, schema, place);
    }

    private static Optional<String> within(JsonNode value, Schema schema, Place place) {
        if (value instanceof ArrayNode array && schema.items().isPresent()) {
            for (JsonNode item : array) {
                Optional<String> found = find(item, schema.items().get(), place);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                Optional<String> found = field(field, schema, place);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> field(Map.Entry<String, JsonNode> field, Schema schema, Place place) {
        Optional<Schema> own = schema.property(field.getKey());
        if (own.isPresent()) {
            return find(field.getValue(), own.get(), place.field(field.getKey(), schema));
        }
        return schema.values().flatMap(values -> find(field.getValue(), values, place));
    }

    private static Optional<String> own(JsonNode value, Schema schema, Place place) {
        if (schema.definition().equals(QUANTITY)) {
            return quantity(value);
        }
        if (schema.format().equals("int-or-string")) {
            boolean fits = value.isTextual() || fitsInteger(value, "int32");
            return unless(fits, "json: cannot unmarshal " + kindOf(value) + " into Go value of type int32");
        }
        return switch (schema.type()) {
            case "object" -> unless(value.isObject(), place.into(kindOf(value), goType(schema)));
            case "array" -> unless(value.isArray(), place.into(kindOf(value), goType(schema)));
            case "boolean" -> unless(value.isBoolean(), place.into(kindOf(value), "bool"));
            case "number" -> unless(value.isNumber(), place.into(kindOf(value), "float64"));
            case "integer" -> integer(value, goType(schema), place);
            case "string" -> string(value, schema, place);
            default -> Optional.empty();
        };
    }

    private static Optional<String> quantity(JsonNode value) {
        boolean fits = value.isNumber()
                || (value.isTextual()
                        && QUANTITY_TEXT.matcher(value.textValue()).matches());
        return unless(
                fits, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }

    private static Optional<String> integer(JsonNode value, String goType, Place place) {
        String what = value.isNumber() ? "number " + value.asText() : kindOf(value);
        return unless(fitsInteger(value, goType), place.into(what, goType));
    }

    private static boolean fitsInteger(JsonNode value, String goType) {
        if (!value.isIntegralNumber()) {
            return false;
        }
        BigInteger number = value.bigIntegerValue();
        return number.bitLength() < (goType.equals("int32") ? Integer.SIZE : Long.SIZE);
    }

    private static Optional<String> string(JsonNode value, Schema schema, Place place) {
        if (schema.format().equals("date-time")) {
            return time(value);
        }
        if (!value.isTextual()) {
            return Optional.of(place.into(kindOf(value), schema.format().equals("byte") ? "[]uint8" : "string"));
        }
        boolean bytes = schema.format().equals("byte");
        String text = value.textValue().replace("\n", "").replace("\r", "");
        return unless(
                !bytes || BASE64.matcher(text).matches(), "illegal base64 data at input byte " + firstIllegal(text));
    }

    private static int firstIllegal(String text) {
        int at = 0;
        while (at < text.length() && BASE64_ALPHABET.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        // Four characters make three bytes; what is left over is where they end.
        return at < text.length() ? at : at - at % 4;
    }

    private static Optional<String> time(JsonNode value) {
        if (!value.isTextual()) {
            return Optional.of("json: cannot unmarshal " + kindOf(value) + " into Go value of type string");
        }
        String text = value.textValue();
        try {
            OffsetDateTime.parse(text);
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.of("parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"" + text
                    + "\" as \"2006\"");
        }
    }

    private static Optional<String> unless(boolean fits, String message) {
        return fits ? Optional.empty() : Optional.of(message);
    }

    private static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
        };
    }

    private static String goType(Schema schema) {
        if (!structName(schema).isEmpty()) {
            String[] name = schema.definition().split("\\.", -1);
            return name[name.length - 2] + "." + structName(schema);
        }
        if (schema.type().equals("array")) {
            return "[]" + schema.items().map(TypeMismatch::goType).orElse("interface {}");
        }
        if (schema.type().equals("object")) {
            return "map[string]" + schema.values().map(TypeMismatch::goType).orElse("interface {}");
        }
        return schema.format().startsWith("int")
                ? schema.format()
                : GO_TYPES.getOrDefault(schema.type(), "interface {}");
    }

    /** {@code PodSpec}; empty for a type that has no name, or that is no struct. */
    private static String structName(Schema schema) {
        String definition = schema.definition();
        return definition.substring(definition.lastIndexOf('.') + 1);
    }
}
