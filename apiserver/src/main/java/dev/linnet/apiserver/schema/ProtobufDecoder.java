package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.ProtobufReader.Malformed;
import dev.linnet.apiserver.schema.ProtobufTable.Field;
import dev.linnet.apiserver.schema.ProtobufTable.Message;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns messages into the JSON that Go would have written. Go's protobuf carries every field that is no pointer, also when
 * nobody set it; such zeroes are left out, as Go's JSON leaves them out.
 */
final class ProtobufDecoder {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** No built-in type nests half as deep. */
    private static final int MAX_DEPTH = 64;

    private final ProtobufTable table;
    private int depth;

    ProtobufDecoder(ProtobufTable table) {
        this.table = table;
    }

    void into(ObjectNode object, Message message, ProtobufReader reader) {
        if (++depth > MAX_DEPTH) {
            throw new Malformed("messages are nested deeper than " + MAX_DEPTH);
        }
        while (reader.hasMore()) {
            int tag = reader.tag();
            Field field = message.fields().get(tag >>> 3);
            if (field == null) {
                reader.skip(tag & 7);
            } else {
                read(object, field, tag & 7, reader);
            }
        }
        depth--;
    }

    private void read(ObjectNode object, Field field, int wireType, ProtobufReader reader) {
        if (field.inline()) {
            into(object, message(field.type()), reader.message());
            return;
        }
        switch (field.shape()) {
            case SINGLE ->
                value(field.type(), wireType, reader)
                        .filter(value -> field.keepsZero() || !isZero(value))
                        .ifPresent(value -> object.set(field.name(), value));
            case LIST -> value(field.type(), wireType, reader).ifPresent(object.withArray(field.name())::add);
            case MAP -> entry(object.withObject(field.name()), field.type(), reader.message());
        }
    }

    private void entry(ObjectNode map, String type, ProtobufReader reader) {
        String key = "";
        Optional<JsonNode> value = Optional.empty();
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag >>> 3) {
                case 1 -> key = reader.text();
                case 2 -> value = value(type, tag & 7, reader);
                default -> reader.skip(tag & 7);
            }
        }
        map.set(key, value.orElseGet(() -> NODES.textNode("")));
    }

    /** Empty for a time that was never set. */
    private Optional<JsonNode> value(String type, int wireType, ProtobufReader reader) {
        if (wireType
                != (switch (type) {
                    case "int32", "int64", "bool" -> ProtobufReader.VARINT;
                    case "double" -> ProtobufReader.FIXED64;
                    default -> ProtobufReader.BYTES;
                })) {
            throw new Malformed("a value of type " + type + " has wire type " + wireType);
        }
        return switch (type) {
            case "string" -> Optional.of(NODES.textNode(reader.text()));
            case "bytes" -> Optional.of(NODES.textNode(Base64.getEncoder().encodeToString(reader.bytes())));
            case "int32" -> Optional.of(NODES.numberNode((int) reader.varint()));
            case "int64" -> Optional.of(NODES.numberNode(reader.varint()));
            case "bool" -> Optional.of(NODES.booleanNode(reader.varint() != 0));
            case "double" -> Optional.of(NODES.numberNode(reader.fixed64()));
            default -> messageValue(type, reader.message());
        };
    }

    private Optional<JsonNode> messageValue(String type, ProtobufReader reader) {
        return switch (type) {
            case "k8s.io.apimachinery.pkg.apis.meta.v1.Time" -> time(reader, DateTimeFormatter.ISO_INSTANT);
            case "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" -> time(reader, MICRO_TIME);
            case "k8s.io.apimachinery.pkg.api.resource.Quantity" -> Optional.of(firstText(reader));
            case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" -> Optional.of(intOrString(reader));
            case "k8s.io.apimachinery.pkg.runtime.RawExtension", "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1" ->
                Optional.of(json(reader));
            default -> Optional.of(structure(message(type), reader));
        };
    }

    private JsonNode structure(Message message, ProtobufReader reader) {
        if (message.isOnlyAList()) {
            return list(message, reader);
        }
        ObjectNode object = NODES.objectNode();
        into(object, message, reader);
        return object;
    }

    private JsonNode list(Message message, ProtobufReader reader) {
        Field items = message.fields().values().iterator().next();
        var list = NODES.arrayNode();
        while (reader.hasMore()) {
            value(items.type(), reader.tag() & 7, reader).ifPresent(list::add);
        }
        return list;
    }

    private static Optional<JsonNode> time(ProtobufReader reader, DateTimeFormatter format) {
        long seconds = 0;
        long nanos = 0;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag >>> 3) {
                case 1 -> seconds = reader.varint();
                case 2 -> nanos = reader.varint();
                default -> reader.skip(tag & 7);
            }
        }
        if (seconds == 0 && nanos == 0) {
            return Optional.empty();
        }
        // Time is kept to the second in JSON.
        long kept = format.equals(MICRO_TIME) ? nanos : 0;
        try {
            return Optional.of(NODES.textNode(format.format(Instant.ofEpochSecond(seconds, kept))));
        } catch (DateTimeException e) {
            throw new Malformed(seconds + " seconds are no time: " + e.getMessage());
        }
    }

    private static JsonNode firstText(ProtobufReader reader) {
        String text = "0";
        while (reader.hasMore()) {
            int tag = reader.tag();
            if (tag >>> 3 == 1) {
                text = reader.text();
            } else {
                reader.skip(tag & 7);
            }
        }
        return NODES.textNode(text);
    }

    private static JsonNode intOrString(ProtobufReader reader) {
        long type = 0;
        long number = 0;
        String text = "";
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag >>> 3) {
                case 1 -> type = reader.varint();
                case 2 -> number = reader.varint();
                case 3 -> text = reader.text();
                default -> reader.skip(tag & 7);
            }
        }
        return type == 0 ? NODES.numberNode((int) number) : NODES.textNode(text);
    }

    private static JsonNode json(ProtobufReader reader) {
        byte[] raw = {};
        while (reader.hasMore()) {
            int tag = reader.tag();
            if (tag >>> 3 == 1) {
                raw = reader.bytes();
            } else {
                reader.skip(tag & 7);
            }
        }
        try {
            return JSON.readTree(raw);
        } catch (IOException e) {
            throw new Malformed("the JSON in it is not well-formed: " + e.getMessage());
        }
    }

    private Message message(String name) {
        return table.message(name).orElseThrow(() -> new Malformed("message " + name + " is not known"));
    }

    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue().isEmpty();
            case BINARY -> value.asText().isEmpty();
            case NUMBER -> value.doubleValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY, MISSING, NULL, OBJECT, POJO -> false;
        };
    }
}
