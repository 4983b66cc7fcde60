package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Definitions of types that have their own JSON form, for which the Java client has its own classes or just Object. */
final class WellKnownDefinitions {
    private static final String RUNTIME = "io.k8s.apimachinery.pkg.runtime.";
    private static final String CRD = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    private WellKnownDefinitions() {}

    /** The definition behind a field that is an {@code Object} in Java. */
    static String untyped(String model, String field) {
        return switch (model + "." + field) {
            case "V1ManagedFieldsEntry.fieldsV1" -> GroupVersion.META + ".FieldsV1";
            case "V1ControllerRevision.data", "V1WatchEvent.object" -> RUNTIME + "RawExtension";
            case "V1CustomResourceSubresources.status" -> CRD + "CustomResourceSubresourceStatus";
            case "V1JSONSchemaProps.default", "V1JSONSchemaProps.example", "V1JSONSchemaProps.enum" -> CRD + "JSON";
            case "V1JSONSchemaProps.items" -> CRD + "JSONSchemaPropsOrArray";
            case "V1JSONSchemaProps.dependencies" -> CRD + "JSONSchemaPropsOrStringArray";
            case "V1JSONSchemaProps.additionalItems", "V1JSONSchemaProps.additionalProperties" ->
                CRD + "JSONSchemaPropsOrBool";
            default ->
                throw new IllegalStateException(
                        model + "." + field + " has no Java type: say in WellKnownDefinitions which definition it is");
        };
    }

    static Map<String, ObjectNode> all() {
        return Map.ofEntries(
                Map.entry(GroupVersion.META + ".Time", time("A point in time to the second, as RFC 3339 writes it.")),
                Map.entry(
                        GroupVersion.META + ".MicroTime",
                        time("A point in time to the microsecond, as RFC 3339 writes it.")),
                Map.entry(GroupVersion.META + ".FieldsV1", object("A set of fields as a tree, in managedFields.")),
                Map.entry(GroupVersion.META + ".Patch", object("The body of a PATCH request.")),
                Map.entry("io.k8s.apimachinery.pkg.api.resource.Quantity", quantity()),
                Map.entry("io.k8s.apimachinery.pkg.util.intstr.IntOrString", intOrString()),
                Map.entry(RUNTIME + "RawExtension", object("An object of any kind.")),
                Map.entry(CRD + "CustomResourceSubresourceStatus", object("Present where /status is served.")),
                Map.entry(CRD + "JSON", any("Any JSON value.")),
                Map.entry(CRD + "JSONSchemaPropsOrArray", any("A schema, or an array of schemas.")),
                Map.entry(CRD + "JSONSchemaPropsOrBool", any("A schema, or true or false.")),
                Map.entry(CRD + "JSONSchemaPropsOrStringArray", any("A schema, or an array of names.")));
    }

    private static ObjectNode any(String description) {
        return JsonNodeFactory.instance.objectNode().put("description", description);
    }

    private static ObjectNode object(String description) {
        return any(description).put("type", "object");
    }

    private static ObjectNode time(String description) {
        return any(description).put("format", "date-time").put("type", "string");
    }

    private static ObjectNode quantity() {
        ObjectNode quantity = any("A number with an optional unit: 500m, 128Mi, 2, 1e3.");
        quantity.withArray("oneOf").addObject().put("type", "string");
        quantity.withArray("oneOf").addObject().put("type", "number");
        return quantity;
    }

    private static ObjectNode intOrString() {
        ObjectNode either = any("A number, or a string such as a port's name or a percentage.")
                .put("format", "int-or-string");
        either.withArray("oneOf").addObject().put("type", "integer");
        either.withArray("oneOf").addObject().put("type", "string");
        return either;
    }
}
