package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Kinds that CustomResourceDefinitions declare. Versions differ in their schemas only: objects are converted by writing another
 * {@code apiVersion} on them (strategy None).
 */
public final class CustomKinds {
    private CustomKinds() {}

    /** @param schemas makes a version's schema from its {@code openAPIV3Schema} */
    static List<ResourceKind> of(ObjectNode definition, Function<JsonNode, CustomShape> schemas) {
        List<ObjectNode> served = Json.objects(definition, "spec", "versions").stream()
                .filter(version -> Json.isTrue(version, "served"))
                .toList();
        // A version that is stored but no longer served cannot be preferred.
        Optional<ObjectNode> preferred = served.stream()
                .filter(version -> Json.isTrue(version, "storage"))
                .findFirst()
                .or(() -> served.stream().findFirst());
        return preferred
                .map(version -> List.of(kind(definition, version, served, schemas)))
                .orElse(List.of());
    }

    private static ResourceKind kind(
            ObjectNode definition,
            ObjectNode version,
            List<ObjectNode> served,
            Function<JsonNode, CustomShape> schemas) {
        String group = Json.text(definition, "spec", "group");
        String stored = Json.text(version, "name");
        Kinds kind = named(definition, Kinds.verbatim(group, stored, Json.text(definition, "spec", "names", "kind")));
        CustomShape shape = shape(version, schemas);
        kind.generation()
                .normalise(shape::prune)
                .defaults(shape::applyDefaults)
                .validate((object, violations) -> {
                    if (object.value() instanceof ObjectNode whole) {
                        shape.validate(whole).forEach(violations::add);
                    }
                })
                .validateUpdate((before, after, violations) -> {
                    if (before.value() instanceof ObjectNode old && after.value() instanceof ObjectNode whole) {
                        shape.validateUpdate(old, whole).forEach(violations::add);
                    }
                })
                .table(PrinterColumns.table(version));
        addSubresources(kind, version);
        addSelectors(kind, version);
        for (ObjectNode other : served) {
            String name = Json.text(other, "name");
            if (!name.equals(stored)) {
                kind.alsoServed(
                        group, name, new Renaming(group + "/" + stored, group + "/" + name, shape(other, schemas)));
            }
        }
        return kind.declare();
    }

    private static CustomShape shape(ObjectNode version, Function<JsonNode, CustomShape> schemas) {
        return schemas.apply(Json.at(version, "schema", "openAPIV3Schema"));
    }

    private static Kinds named(ObjectNode definition, Kinds kind) {
        JsonNode names = Json.at(definition, "spec", "names");
        kind.plural(Json.text(names, "plural"))
                .shortNames(Json.texts(names, "shortNames").toArray(String[]::new))
                .categories(Json.texts(names, "categories").toArray(String[]::new));
        if (!Json.text(names, "singular").isEmpty()) {
            kind.singular(Json.text(names, "singular"));
        }
        return Json.text(definition, "spec", "scope").equals("Cluster") ? kind.clusterScoped() : kind;
    }

    private static void addSubresources(Kinds kind, ObjectNode version) {
        if (Json.isSet(version, "subresources", "status")) {
            kind.status();
        }
        Json.find(version, "subresources", "scale")
                .ifPresent(scale -> kind.scale(
                        withoutDot(Json.text(scale, "specReplicasPath")),
                        withoutDot(Json.text(scale, "statusReplicasPath")),
                        withoutDot(Json.text(scale, "labelSelectorPath"))));
    }

    private static void addSelectors(Kinds kind, ObjectNode version) {
        for (ObjectNode selectable : Json.objects(version, "selectableFields")) {
            String path = Json.text(selectable, "jsonPath");
            JsonPath.parse(path)
                    .ifPresent(parsed -> kind.selectable(
                            withoutDot(path),
                            object -> parsed.first(object).map(Json::text).orElse("")));
        }
    }

    private static String withoutDot(String path) {
        return path.startsWith(".") ? path.substring(1) : path;
    }

    /** Another version of the same objects; fields that its schema does not know do not pass. */
    private record Renaming(String stored, String served, CustomShape shape) implements VersionConverter {
        @Override
        public ObjectNode toStored(ObjectNode object) {
            shape.prune(object);
            shape.applyDefaults(object);
            return object.put("apiVersion", stored);
        }

        @Override
        public ObjectNode toServed(ObjectNode object) {
            return object.put("apiVersion", served);
        }
    }
}
