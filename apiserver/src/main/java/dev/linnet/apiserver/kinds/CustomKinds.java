package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import dev.linnet.apiserver.schema.CustomSchema;
import dev.linnet.apiserver.schema.SchemaCatalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Kinds that CustomResourceDefinitions declare. Versions differ in their schemas only: objects are converted by writing another
 * {@code apiVersion} on them (strategy None).
 */
public final class CustomKinds {
    private CustomKinds() {}

    /**
     * What a definition declares.
     *
     * @param schemas of the versions that are served, by their names
     */
    public record Declared(ResourceKind kind, Map<String, CustomSchema> schemas) {
        public Declared {
            schemas = Map.copyOf(schemas);
        }
    }

    /**
     * The kind that a definition declares; empty where no version is served.
     *
     * @param definition a CustomResourceDefinition of apiextensions.k8s.io/v1 with its defaults filled in
     * @param catalog    knows the types that schemas refer to
     */
    public static Optional<Declared> of(ObjectNode definition, SchemaCatalog catalog) {
        List<Version> served = Json.objects(definition, "spec", "versions").stream()
                .filter(version -> Json.isTrue(version, "served"))
                .map(version -> Version.of(catalog, version))
                .toList();
        // A version that is stored but no longer served cannot be preferred.
        Optional<Version> preferred = served.stream()
                .filter(version -> Json.isTrue(version.declared(), "storage"))
                .findFirst()
                .or(() -> served.stream().findFirst());
        return preferred.map(version -> new Declared(
                kind(definition, version, served),
                served.stream().collect(Collectors.toMap(Version::name, Version::schema))));
    }

    private record Version(String name, ObjectNode declared, CustomSchema schema) {
        static Version of(SchemaCatalog catalog, ObjectNode declared) {
            ObjectNode openApi =
                    Json.find(declared, "schema", "openAPIV3Schema").orElseGet(Json::newObject);
            return new Version(Json.text(declared, "name"), declared, CustomSchema.of(catalog, openApi));
        }
    }

    private static ResourceKind kind(ObjectNode definition, Version stored, List<Version> served) {
        String group = Json.text(definition, "spec", "group");
        CustomSchema schema = stored.schema();
        Kinds kind = Kinds.verbatim(group, stored.name(), Json.text(definition, "spec", "names", "kind"))
                .generation()
                .normalise(Unsaid::dropInMetadata)
                .normalise(schema::prune)
                .defaults(schema::applyDefaults)
                .validateCreate(
                        (object, violations) -> schema.validate(tree(object)).forEach(violations::add))
                .validateUpdate((before, after, violations) ->
                        schema.validateChange(tree(before), tree(after)).forEach(violations::add))
                .table(PrinterColumns.table(stored.declared()));
        addNames(kind, definition);
        addSubresources(kind, stored.declared());
        addSelectors(kind, stored.declared());
        for (Version version : served) {
            if (!version.name().equals(stored.name())) {
                kind.alsoServed(group, version.name(), Renaming.of(group, stored, version));
            }
        }
        return kind.declare();
    }

    private static ObjectNode tree(Field object) {
        return (ObjectNode) object.value();
    }

    private static void addNames(Kinds kind, ObjectNode definition) {
        JsonNode names = Json.at(definition, "spec", "names");
        kind.plural(Json.text(names, "plural"))
                .shortNames(Json.texts(names, "shortNames").toArray(String[]::new))
                .categories(Json.texts(names, "categories").toArray(String[]::new));
        if (!Json.text(names, "singular").isEmpty()) {
            kind.singular(Json.text(names, "singular"));
        }
        if (Json.text(definition, "spec", "scope").equals("Cluster")) {
            kind.clusterScoped();
        }
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
    private record Renaming(String stored, String served, CustomSchema schema) implements VersionConverter {
        static Renaming of(String group, Version stored, Version served) {
            return new Renaming(group + "/" + stored.name(), group + "/" + served.name(), served.schema());
        }

        @Override
        public ObjectNode toStored(ObjectNode object) {
            schema.prune(object);
            schema.applyDefaults(object);
            return object.put("apiVersion", stored);
        }

        @Override
        public ObjectNode toServed(ObjectNode object) {
            schema.prune(object);
            schema.applyDefaults(object);
            return object.put("apiVersion", served);
        }
    }
}
