package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.schema.ProtobufBody;
import dev.linnet.apiserver.schema.Schema;
import dev.linnet.apiserver.schema.SchemaCatalog;
import dev.linnet.apiserver.schema.StrictDecoding;
import java.util.List;
import java.util.Optional;

/** The types of built-in kinds. */
public final class KnownTypes implements Types {
    private final SchemaCatalog catalog;

    public KnownTypes(SchemaCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Optional<Schema> find(ServedResource resource) {
        return catalog.find(resource.groupVersion(), resource.kind().kind());
    }

    @Override
    public List<String> unknownFields(ObjectNode object, Schema schema) {
        return StrictDecoding.unknownFields(object, schema);
    }

    @Override
    public void dropUnknownFields(ObjectNode object, Schema schema) {
        List<String> _ = StrictDecoding.dropUnknownFields(object, schema);
    }

    @Override
    public ObjectNode fromProtobuf(byte[] body) {
        return ProtobufBody.decode(body);
    }
}
