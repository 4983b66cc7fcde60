package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.schema.OpenApiDocuments;
import dev.linnet.apiserver.schema.PublishedResource;
import java.util.List;

/** The documents below {@code /openapi/v3}. Version 2 is not served: kubectl asks for it and goes on without. */
final class OpenApi {
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
        return new Reply(200, Reply.JSON, List.of(), new Reply.Whole(document));
    }

    private static String groupVersion(List<String> path) {
        return switch (path.size()) {
            case 2 -> path.getFirst().equals("api") ? path.get(1) : "";
            case 3 -> path.getFirst().equals("apis") ? path.get(1) + "/" + path.get(2) : "";
            default -> "";
        };
    }
}
