package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The types of all built-in kinds of Kubernetes 1.33, and of the older versions that manifests still use. Reads each
 * group-version when it is first asked for. Safe for use by several threads.
 */
public final class SchemaCatalog {
    private final ObjectNode index;
    private final Definitions definitions = new Definitions();

    private SchemaCatalog(ObjectNode index) {
        this.index = index;
    }

    public static SchemaCatalog load() {
        return new SchemaCatalog(Definitions.index());
    }

    /**
     * @param groupVersion {@code apps/v1}; {@code v1} for the core group
     * @param kind         {@code Deployment}
     */
    public Optional<Schema> find(String groupVersion, String kind) {
        return definitionName(groupVersion, kind).map(definitions::shape).map(NodeSchema::of);
    }

    /** The type of {@code metadata} in every object. */
    public Schema objectMeta() {
        return NodeSchema.of(definitions.shape(Definitions.META + "ObjectMeta"));
    }

    /** {@code io.k8s.api.apps.v1.Deployment}, if there is such a definition and it is an object with a kind. */
    Optional<String> definitionName(String groupVersion, String kind) {
        String definitionPackage = index.path("packages").path(groupVersion).asText();
        String name = definitionPackage + "." + kind;
        return definitions
                .find(name)
                .filter(definition -> definition.has("x-kubernetes-group-version-kind"))
                .map(_ -> name);
    }

    Definitions definitions() {
        return definitions;
    }

    /** Changes when any definition does. */
    String digest() {
        return index.path("digest").asText();
    }
}
