package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.schema.OpenApiDocuments;
import dev.linnet.apiserver.schema.PublishedResource;
import java.util.List;

/**
 * The documents below {@code /openapi/v3}. Version 2 is a document without content: kubectl asks for it when it meets a kind that version 3 does not
 * know, and says that there is no such kind only when it is served.
 */
final class OpenApi {
    private static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    /** Field 1, {@code swagger}, three letters. */
    private static final byte[] V2_EMPTY = {0x0a, 3, '2', '.', '0'};

    private final KindCatalog catalog;
    private final OpenApiDocuments documents;

    OpenApi(KindCatalog catalog, OpenApiDocuments documents) {
        this.catalog = catalog;
        this.documents = documents;
    }

    Reply answer(Call call) {
        List<String> path = call.path();
        if (!call.method().equals("GET")) {
            throw ApiFailure.methodNotAllowed(ApiFailure.Subject.NONE);
        }
        if (path.size() == 2 && path.get(1).equals("v2")) {
            return version2(call);
        }
        if (path.size() < 2 || !path.get(1).equals("v3")) {
            throw Router.nowhere();
        }
        List<PublishedResource> published = catalog.published();
        if (path.size() == 2) {
            return Reply.json(200, documents.index(published));
        }
        String groupVersion = groupVersion(path.subList(2, path.size()));
        if (published.stream().noneMatch(resource -> resource.groupVersion().equals(groupVersion))) {
            throw Router.nowhere();
        }
        byte[] document = documents.document(groupVersion, published);
        return new Reply(200, Reply.JSON, new Reply.Whole(document));
    }

    private static Reply version2(Call call) {
        if (call.accept().contains("protobuf")) {
            return new Reply(200, V2_PROTOBUF, new Reply.Whole(V2_EMPTY.clone()));
        }
        ObjectNode document = Json.object().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "unversioned");
        document.putObject("paths");
        return Reply.json(200, document);
    }

    private static String groupVersion(List<String> path) {
        return switch (path.size()) {
            case 2 -> path.getFirst().equals("api") ? path.get(1) : "";
            case 3 -> path.getFirst().equals("apis") ? path.get(1) + "/" + path.get(2) : "";
            default -> "";
        };
    }
}
