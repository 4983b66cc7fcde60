package dev.linnet.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.CustomKinds;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.schema.CustomSchema;
import dev.linnet.apiserver.schema.PublishedResource;
import dev.linnet.apiserver.schema.Schema;
import dev.linnet.apiserver.schema.SchemaCatalog;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is served now: the built-in kinds and those that stored CustomResourceDefinitions declare. Looks at the definitions
 * again when one of them changed, so whoever sees a definition stored is served its kind.
 */
public final class KindCatalog {
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

    private final ObjectStore store;
    private final List<ResourceKind> builtIn;
    private final SchemaCatalog schemas;
    private volatile Known known = new Known(-1, new ServedKinds(List.of(), List.of()), Map.of());

    /**
     * @param version of the last change of any definition
     * @param schemas of custom kinds, by {@code groupVersion/kind}
     */
    private record Known(long version, ServedKinds kinds, Map<String, CustomSchema> schemas) {}

    public KindCatalog(ObjectStore store, List<ResourceKind> builtIn, SchemaCatalog schemas) {
        this.store = store;
        this.builtIn = builtIn;
        this.schemas = schemas;
    }

    public ServedKinds current() {
        return known().kinds();
    }

    /** The type of a resource's objects in the version of its path. */
    public Optional<Schema> schema(ServedResource resource) {
        return resource.custom()
                ? customSchema(resource).map(CustomSchema::schema)
                : schemas.find(resource.groupVersion(), resource.kind().kind());
    }

    private Optional<CustomSchema> customSchema(ServedResource resource) {
        return Optional.ofNullable(known().schemas()
                .get(resource.groupVersion() + "/" + resource.kind().kind()));
    }

    /** Everything that is served, as OpenAPI documents describe it. */
    public List<PublishedResource> published() {
        List<PublishedResource> published = new ArrayList<>();
        for (ServedResource resource : current().all()) {
            published.add(customSchema(resource)
                    .map(schema -> PublishedResource.custom(resource.kind(), resource.groupVersion(), schema))
                    .orElseGet(() -> PublishedResource.builtIn(resource.kind(), resource.groupVersion())));
        }
        for (Listing question : ServedKinds.QUESTIONS) {
            published.add(PublishedResource.question(
                    question.group() + "/" + question.version(),
                    question.kind(),
                    question.plural(),
                    question.namespaced()));
        }
        return published;
    }

    private Known known() {
        Known before = known;
        // Read before the list: at worst the same definitions are looked at once more.
        long version = store.lastChange(DEFINITIONS);
        if (before.version() == version) {
            return before;
        }
        List<ResourceKind> custom = new ArrayList<>();
        Map<String, CustomSchema> customSchemas = new HashMap<>();
        for (StoredObject stored : store.list(DEFINITIONS, "").objects()) {
            ObjectNode definition = stored.tree();
            custom.addAll(CustomKinds.of(definition, schemas));
            readSchemas(definition.path("spec"), customSchemas);
        }
        Known after = new Known(version, new ServedKinds(builtIn, custom), Map.copyOf(customSchemas));
        known = after;
        return after;
    }

    private void readSchemas(JsonNode spec, Map<String, CustomSchema> into) {
        String kind = spec.path("names").path("kind").asText();
        for (JsonNode version : spec.path("versions")) {
            if (version.at("/schema/openAPIV3Schema") instanceof ObjectNode schema) {
                String groupVersion =
                        spec.path("group").asText() + "/" + version.path("name").asText();
                into.put(groupVersion + "/" + kind, CustomSchema.of(schemas, schema));
            }
        }
    }
}
