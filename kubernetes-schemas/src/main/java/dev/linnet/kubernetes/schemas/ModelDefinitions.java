package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Turns one model class into its OpenAPI v3 definition. Names are in {@code @SerializedName}, descriptions in
 * {@code @ApiModelProperty} on the getters, required fields in the static set {@code openapiRequiredFields}.
 */
final class ModelDefinitions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> MICRO_TIMES = Set.of("acquireTime", "renewTime", "eventTime", "lastObservedTime");

    private final DefinitionNames names;

    ModelDefinitions(DefinitionNames names) {
        this.names = names;
    }

    ObjectNode definition(Class<?> model) throws ReflectiveOperationException {
        ObjectNode definition = JSON.objectNode();
        ApiModel about = model.getAnnotation(ApiModel.class);
        if (about != null && !about.description().isEmpty()) {
            definition.put("description", about.description());
        }
        Map<String, ObjectNode> properties = properties(model);
        if (!properties.isEmpty()) {
            definition.putObject("properties").setAll(properties);
        }
        Set<?> required = (Set<?>) model.getField("openapiRequiredFields").get(null);
        if (!required.isEmpty()) {
            new TreeSet<>(required).forEach(definition.withArray("required")::addPOJO);
        }
        return definition.put("type", "object");
    }

    /** True for whole objects and lists of them, which carry their group, version and kind. */
    static boolean hasKind(Class<?> model) {
        return ModelClasses.properties(model).stream()
                .map(Field::getName)
                .collect(Collectors.toSet())
                .containsAll(Set.of("apiVersion", "kind", "metadata"));
    }

    private Map<String, ObjectNode> properties(Class<?> model) {
        Map<String, String> descriptions = descriptions(model);
        Map<String, ObjectNode> properties = new TreeMap<>();
        for (Field field : ModelClasses.properties(model)) {
            String name = field.getAnnotation(SerializedName.class).value();
            ObjectNode schema = schema(model, name, field.getGenericType());
            String description = descriptions.getOrDefault(comparable(field.getName()), "");
            properties.put(name, described(schema, description));
        }
        return properties;
    }

    private static Map<String, String> descriptions(Class<?> model) {
        Map<String, String> byField = new TreeMap<>();
        for (Method method : model.getDeclaredMethods()) {
            ApiModelProperty property = method.getAnnotation(ApiModelProperty.class);
            if (property != null) {
                byField.put(comparable(method.getName().substring("get".length())), property.value());
            }
        }
        return byField;
    }

    /** {@code _default} has the getter {@code getDefault}: only letters count, and not their case. */
    private static String comparable(String javaName) {
        return javaName.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** A reference has no siblings in OpenAPI 3.0, so that what is said of this use stands around it. */
    static ObjectNode described(ObjectNode schema, String description) {
        if (description.isEmpty()) {
            return schema;
        }
        ObjectNode described = JSON.objectNode().put("description", description);
        if (schema.has("$ref")) {
            described.putArray("allOf").add(schema);
            return described;
        }
        return described.setAll(schema);
    }

    private ObjectNode schema(Class<?> model, String name, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            ObjectNode container = JSON.objectNode();
            if (generic.getRawType() == List.class) {
                container.set("items", schema(model, name, arguments[0]));
                return container.put("type", "array");
            }
            container.set("additionalProperties", schema(model, name, arguments[1]));
            return container.put("type", "object");
        }
        return single(model, name, (Class<?>) type);
    }

    private ObjectNode single(Class<?> model, String name, Class<?> type) {
        return switch (type.getSimpleName()) {
            case "String" -> typed("string", "");
            case "Boolean" -> typed("boolean", "");
            case "Integer" -> typed("integer", "int32");
            case "Long" -> typed("integer", "int64");
            case "Double" -> typed("number", "double");
            case "byte[]" -> typed("string", "byte");
            case "Object" -> reference(WellKnownDefinitions.untyped(model.getSimpleName(), name));
            default -> reference(nameOf(type, name));
        };
    }

    private String nameOf(Class<?> type, String field) {
        if (type == OffsetDateTime.class) {
            return GroupVersion.META + (MICRO_TIMES.contains(field) ? ".MicroTime" : ".Time");
        }
        if (type == Quantity.class) {
            return "io.k8s.apimachinery.pkg.api.resource.Quantity";
        }
        return type == IntOrString.class ? "io.k8s.apimachinery.pkg.util.intstr.IntOrString" : names.of(type);
    }

    private static ObjectNode typed(String type, String format) {
        ObjectNode schema = JSON.objectNode().put("type", type);
        return format.isEmpty() ? schema : schema.put("format", format);
    }

    static ObjectNode reference(String definition) {
        return JSON.objectNode().put("$ref", "#/components/schemas/" + definition);
    }
}
