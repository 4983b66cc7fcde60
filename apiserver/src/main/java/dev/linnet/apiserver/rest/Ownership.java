package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.patch.FieldOwnership;
import dev.linnet.apiserver.patch.Writer;
import dev.linnet.apiserver.schema.Schema;
import java.time.InstantSource;
import java.util.Optional;

/** Keeps metadata.managedFields. Sets of fields are always those of the stored shape. */
final class Ownership {
    private final KindCatalog catalog;
    private final InstantSource clock;

    Ownership(KindCatalog catalog, InstantSource clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    ObjectNode ofNew(Target target, ObjectNode object, WriteOptions options) {
        return ofChange(target, Json.object(), object, options);
    }

    ObjectNode ofChange(Target target, ObjectNode live, ObjectNode after, WriteOptions options) {
        Optional<Schema> schema = schema(target.resource());
        return schema.isPresent()
                ? FieldOwnership.afterUpdate(live, after, schema.get(), writer(target, options))
                : after;
    }

    /** @param live an empty object if there is none */
    ObjectNode apply(Target target, ObjectNode live, ObjectNode configuration, WriteOptions options) {
        Schema schema = schema(target.resource())
                .orElseThrow(() -> new IllegalStateException(
                        "no schema of " + target.resource().kind().qualifiedPlural()));
        return FieldOwnership.afterApply(live, configuration, schema, options.force(), writer(target, options));
    }

    private Optional<Schema> schema(ServedResource resource) {
        return catalog.schema(resource.stored());
    }

    private Writer writer(Target target, WriteOptions options) {
        return new Writer(
                options.manager(),
                target.subresource().equals("finalize") ? "" : target.subresource(),
                target.resource().kind().groupVersion(),
                !target.resource().custom(),
                clock.instant());
    }
}
