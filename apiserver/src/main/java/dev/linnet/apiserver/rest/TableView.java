package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * Server-side printing: the rows that {@code kubectl get} shows.
 *
 * @param version  of meta.k8s.io
 * @param included what comes with each row
 */
record TableView(ServedResource resource, String version, Included included, InstantSource clock) implements View {

    /** The parameter {@code includeObject}. */
    enum Included {
        NONE,
        METADATA,
        OBJECT;

        static Included of(String parameter) {
            return switch (parameter) {
                case "None" -> NONE;
                case "Object" -> OBJECT;
                default -> METADATA;
            };
        }
    }

    @Override
    public String contentType() {
        return Reply.JSON;
    }

    @Override
    public ObjectNode single(ObjectNode stored) {
        ObjectNode metadata = Json.object();
        metadata.set("resourceVersion", stored.path("metadata").path("resourceVersion"));
        ObjectNode table = table(metadata);
        table.set("columnDefinitions", columns());
        table.putArray("rows").add(row(stored));
        return table;
    }

    private ObjectNode table(ObjectNode metadata) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
        table.set("metadata", metadata);
        return table;
    }

    private ArrayNode columns() {
        ArrayNode columns = Json.array();
        for (Column column : resource.kind().rules().columns()) {
            columns.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        return columns;
    }

    private ObjectNode row(ObjectNode stored) {
        ObjectNode row = Json.object();
        ArrayNode cells = row.putArray("cells");
        for (Object cell : resource.kind().rules().cells(stored, clock.instant())) {
            switch (cell) {
                case JsonNode json -> cells.add(json);
                case Long number -> cells.add(number);
                case Integer number -> cells.add(number);
                case Double number -> cells.add(number);
                case Boolean flag -> cells.add(flag);
                default -> cells.add(cell.toString());
            }
        }
        switch (included) {
            case NONE -> {}
            case METADATA -> row.set("object", MetadataView.partial(stored, version));
            case OBJECT -> row.set("object", resource.converter().toServed(stored));
        }
        return row;
    }

    @Override
    public byte[] listHead(ObjectNode metadata) {
        String head = "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/" + version + "\",\"metadata\":" + metadata
                + ",\"columnDefinitions\":" + columns() + ",\"rows\":[";
        return head.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void writeItem(StoredObject object, OutputStream out) throws IOException {
        out.write(Json.bytes(row(object.tree())));
    }

    @Override
    public void writeEventObject(StoredObject object, boolean first, OutputStream out) throws IOException {
        ObjectNode table = single(object.tree());
        if (!first) {
            table.putNull("columnDefinitions");
        }
        out.write(Json.bytes(table));
    }

    @Override
    public ObjectNode bookmark(ObjectNode metadata) {
        ObjectNode bookmark = table(metadata);
        bookmark.putNull("columnDefinitions");
        bookmark.putArray("rows");
        return bookmark;
    }
}
