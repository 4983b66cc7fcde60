package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Metadata only, for clients that follow everything, such as garbage collectors.
 *
 * @param version of meta.k8s.io
 */
record MetadataView(String version) implements View {

    @Override
    public String contentType() {
        return Reply.JSON;
    }

    @Override
    public ObjectNode single(ObjectNode stored) {
        return partial(stored, version);
    }

    static ObjectNode partial(ObjectNode stored, String version) {
        ObjectNode partial =
                Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
        partial.set("metadata", stored.path("metadata"));
        return partial;
    }

    @Override
    public byte[] listHead(ObjectNode metadata) {
        return WholeView.listHead("PartialObjectMetadataList", "meta.k8s.io/" + version, metadata);
    }

    @Override
    public void writeItem(StoredObject object, OutputStream out) throws IOException {
        out.write(Json.bytes(single(object.tree())));
    }

    @Override
    public void writeEventObject(StoredObject object, boolean first, OutputStream out) throws IOException {
        writeItem(object, out);
    }

    @Override
    public ObjectNode bookmark(ObjectNode metadata) {
        ObjectNode bookmark =
                Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
        bookmark.set("metadata", metadata);
        return bookmark;
    }
}
