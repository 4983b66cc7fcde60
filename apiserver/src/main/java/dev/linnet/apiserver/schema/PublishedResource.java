package dev.linnet.apiserver.schema;

import dev.linnet.apiserver.kinds.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A resource at one path, as OpenAPI documents show it.
 *
 * @param groupVersion {@code apps/v1}; {@code v1} for the core group
 * @param subresources objects of which kind stand below each object: {@code status}, {@code scale}
 * @param createOnly   true for questions ({@code selfsubjectaccessreviews}): asked by POST, never stored
 * @param custom       the schema that a CustomResourceDefinition gives it; empty for a built-in kind
 */
public record PublishedResource(
        String groupVersion,
        String kind,
        String plural,
        boolean namespaced,
        List<Subresource> subresources,
        boolean createOnly,
        Optional<CustomSchema> custom) {

    public PublishedResource {
        subresources = List.copyOf(subresources);
    }

    /** Paths below an object that show a part of it. */
    public enum Subresource {
        STATUS,
        SCALE
    }

    /** @param groupVersion the one that is shown, which may not be the one that is stored */
    public static PublishedResource builtIn(ResourceKind kind, String groupVersion) {
        return stored(kind, groupVersion, Optional.empty());
    }

    public static PublishedResource custom(ResourceKind kind, String groupVersion, CustomSchema schema) {
        return stored(kind, groupVersion, Optional.of(schema));
    }

    public static PublishedResource question(String groupVersion, String kind, String plural, boolean namespaced) {
        return new PublishedResource(groupVersion, kind, plural, namespaced, List.of(), true, Optional.empty());
    }

    private static PublishedResource stored(ResourceKind kind, String groupVersion, Optional<CustomSchema> schema) {
        List<Subresource> all = new ArrayList<>();
        if (kind.statusSubresource()) {
            all.add(Subresource.STATUS);
        }
        if (kind.scale().isPresent()) {
            all.add(Subresource.SCALE);
        }
        return new PublishedResource(groupVersion, kind.kind(), kind.plural(), kind.namespaced(), all, false, schema);
    }

    String group() {
        return groupVersion.contains("/") ? groupVersion.substring(0, groupVersion.indexOf('/')) : "";
    }

    String version() {
        return groupVersion.substring(groupVersion.indexOf('/') + 1);
    }
}
