package dev.linnet.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.CustomDefinitions;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.CustomKinds;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.schema.CustomSchema;
import dev.linnet.apiserver.schema.PublishedResource;
import dev.linnet.apiserver.schema.Schema;
import dev.linnet.apiserver.schema.SchemaCatalog;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
     * @param custom  what definitions declare, by their names
     */
    private record Known(long version, ServedKinds kinds, Map<String, Definition> custom) {}

    /** What one definition declares; kept as long as its author does not change it, since rules are expensive to compile. */
    private record Definition(
            long version, String uid, long generation, boolean established, Optional<CustomKinds.Declared> declared) {
        Definition in(long laterVersion) {
            return new Definition(laterVersion, uid, generation, established, declared);
        }

        boolean isOf(ObjectNode tree) {
            Meta meta = Meta.of(tree);
            return uid.equals(meta.uid())
                    && generation == meta.generation()
                    && established == CustomDefinitions.isEstablished(tree);
        }
    }

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
        return Optional.ofNullable(known().custom().get(resource.kind().qualifiedPlural()))
                .flatMap(Definition::declared)
                .flatMap(declared -> Optional.ofNullable(declared.schemas().get(resource.version())));
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
        Map<String, Definition> custom = new LinkedHashMap<>();
        for (StoredObject stored : store.list(DEFINITIONS, "").objects()) {
            String name = stored.key().name();
            custom.put(
                    name, definition(stored, Optional.ofNullable(before.custom().get(name))));
        }
        List<ResourceKind> kinds = custom.values().stream()
                .flatMap(definition -> definition.declared().stream())
                .map(CustomKinds.Declared::kind)
                .toList();
        Known after = new Known(version, new ServedKinds(builtIn, kinds), custom);
        known = after;
        return after;
    }

    private Definition definition(StoredObject stored, Optional<Definition> before) {
        if (before.isPresent() && before.get().version() == stored.version()) {
            return before.get(); // known without a look at it
        }
        ObjectNode tree = stored.tree();
        return before.filter(earlier -> earlier.isOf(tree))
                .map(earlier -> earlier.in(stored.version()))
                .orElseGet(() -> definition(stored.version(), tree));
    }

    private Definition definition(long version, ObjectNode tree) {
        Meta meta = Meta.of(tree);
        return new Definition(
                version,
                meta.uid(),
                meta.generation(),
                CustomDefinitions.isEstablished(tree),
                CustomDefinitions.isEstablished(tree) ? CustomKinds.of(tree, schemas) : Optional.empty());
    }
}
