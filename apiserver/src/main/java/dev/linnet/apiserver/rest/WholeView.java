package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Objects as they are, in the version of the path. */
record WholeView(ServedResource resource) implements View {

    @Override
    public String contentType() {
        return Reply.JSON;
    }

    @Override
    public ObjectNode single(ObjectNode stored) {
        return resource.converter().toServed(stored);
    }

    @Override
    public byte[] listHead(ObjectNode metadata) {
        return listHead(resource.kind().kind() + "List", resource.groupVersion(), metadata);
    }

    static byte[] listHead(String kind, String apiVersion, ObjectNode metadata) {
        String head = "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":" + metadata
                + ",\"items\":[";
        return head.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void writeItem(StoredObject object, OutputStream out) throws IOException {
        if (resource.showsStored()) {
            object.writeTo(out);
        } else {
            out.write(Json.bytes(single(object.tree())));
        }
    }

    @Override
    public void writeEventObject(StoredObject object, boolean first, OutputStream out) throws IOException {
        writeItem(object, out);
    }

    @Override
    public ObjectNode bookmark(ObjectNode metadata) {
        ObjectNode bookmark =
                Json.object().put("kind", resource.kind().kind()).put("apiVersion", resource.groupVersion());
        bookmark.set("metadata", metadata);
        return bookmark;
    }
}
