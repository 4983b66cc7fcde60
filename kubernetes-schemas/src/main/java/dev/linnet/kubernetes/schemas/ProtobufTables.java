package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says for each message how its field numbers become JSON, one line each:
 *
 * <pre>
 * message k8s.io.api.apps.v1.DeploymentSpec
 * 1 replicas int32 zero
 * 2 selector k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector
 * </pre>
 *
 * The JSON name is {@code *} for a message whose fields stand in the outer object (Go embeds the struct: Volume's source, a
 * probe's handler), and for the only field of a message that is a list and nothing else (ExtraValue). Then the type, then
 * {@code list} or {@code map}, then {@code zero} where a zero value says something.
 */
final class ProtobufTables {
    private final Map<String, ObjectNode> definitions;
    private final Set<String> nullable = new HashSet<>();
    private final Map<String, String> written = new TreeMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    /** A message to write, with the definition whose property names its fields carry. */
    private record Pending(Descriptor message, JsonNode definition) {}

    ProtobufTables(Map<String, ObjectNode> definitions, Path nullableTable) throws IOException {
        this.definitions = definitions;
        for (TableLine line : TableLine.read(nullableTable)) {
            String type = line.section() + "." + line.words().getFirst();
            for (String field : line.words().subList(1, line.words().size())) {
                // A struct that others embed has no definition of its own.
                if (definitions.containsKey(type)
                        && !propertiesOf(definitions.get(type)).has(field)) {
                    throw line.wrong(type + " has no field " + field);
                }
                nullable.add(type + "." + field);
            }
        }
    }

    String write(ProtobufMessages messages) {
        for (Descriptor message : messages.all()) {
            ObjectNode definition = definitions.get(ProtobufMessages.openApiName(ProtobufMessages.nameOf(message)));
            if (definition != null) {
                pending.add(new Pending(message, definition));
            }
        }
        while (!pending.isEmpty()) {
            Pending next = pending.remove();
            if (!written.containsKey(ProtobufMessages.nameOf(next.message()))) {
                written.put(ProtobufMessages.nameOf(next.message()), lines(next));
            }
        }
        StringBuilder text = new StringBuilder();
        written.forEach((name, lines) ->
                text.append("message ").append(name).append('\n').append(lines));
        return text.toString();
    }

    private String lines(Pending entry) {
        StringBuilder lines = new StringBuilder();
        for (FieldDescriptor field : entry.message().getFields()) {
            lines.append(line(entry, field));
        }
        return lines.toString();
    }

    private String line(Pending entry, FieldDescriptor field) {
        FieldDescriptor value = field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
        String name = jsonName(propertiesOf(entry.definition()), field.getName());
        if (value.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Descriptor type = value.getMessageType();
            ObjectNode own = definitions.get(ProtobufMessages.openApiName(ProtobufMessages.nameOf(type)));
            pending.add(new Pending(type, own == null ? entry.definition() : own));
        } else if (name.equals("*") && !isOnlyAList(entry.message())) {
            // Gone from the API, or not part of its JSON form.
            return "";
        }
        return field.getNumber() + " " + name + " " + type(value) + shape(field) + zero(entry, field, name) + "\n";
    }

    private static String jsonName(JsonNode properties, String protobufName) {
        if (properties.has(protobufName)) {
            return protobufName;
        }
        String wanted = protobufName.toLowerCase(Locale.ROOT);
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            if (property.getKey().toLowerCase(Locale.ROOT).equals(wanted)) {
                return property.getKey();
            }
        }
        return "*";
    }

    private static boolean isOnlyAList(Descriptor message) {
        List<FieldDescriptor> fields = message.getFields();
        return fields.size() == 1
                && fields.getFirst().isRepeated()
                && fields.getFirst().getName().equals("items");
    }

    private static String type(FieldDescriptor value) {
        return switch (value.getJavaType()) {
            case MESSAGE -> ProtobufMessages.nameOf(value.getMessageType());
            case INT -> "int32";
            case LONG -> "int64";
            case BOOLEAN -> "bool";
            case STRING -> "string";
            case BYTE_STRING -> "bytes";
            case DOUBLE -> "double";
            case FLOAT, ENUM ->
                throw new IllegalStateException(value.getFullName() + " is of type " + value.getType()
                        + ", which no Kubernetes message had so far");
        };
    }

    private static String shape(FieldDescriptor field) {
        if (field.isMapField()) {
            return " map";
        }
        return field.isRepeated() ? " list" : "";
    }

    private String zero(Pending entry, FieldDescriptor field, String name) {
        String type = ProtobufMessages.openApiName(ProtobufMessages.nameOf(entry.message()));
        boolean required = false;
        for (JsonNode requiredName : entry.definition().path("required")) {
            required |= requiredName.asText().equals(name);
        }
        boolean scalar = !field.isRepeated() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
        return scalar && (required || nullable.contains(type + "." + name)) ? " zero" : "";
    }

    private static JsonNode propertiesOf(@Nullable JsonNode definition) {
        return definition == null ? MissingNode.getInstance() : definition.path("properties");
    }
}
