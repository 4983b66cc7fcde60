package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Act;
import dev.linnet.apiserver.access.Authorizer;
import dev.linnet.apiserver.access.Reviews;
import dev.linnet.apiserver.discovery.DiscoveryDocuments;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Accept;
import dev.linnet.apiserver.http.Answerer;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.select.FieldSelector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds out what a call is about and hands it to whoever answers it. */
final class Router implements Answerer {
    private static final Set<String> HEALTH = Set.of("healthz", "livez", "readyz");
    private static final Set<String> REVIEW_GROUPS = Set.of("authentication.k8s.io", "authorization.k8s.io");

    private final KindCatalog catalog;
    private final Authorizer authorizer;
    private final Reviews reviews;
    private final Bodies bodies;
    private final Resources resources;
    private final Metrics metrics;
    private final OpenApi openApi;

    Router(
            KindCatalog catalog,
            Authorizer authorizer,
            Reviews reviews,
            Bodies bodies,
            Resources resources,
            Metrics metrics,
            OpenApi openApi) {
        this.catalog = catalog;
        this.authorizer = authorizer;
        this.reviews = reviews;
        this.bodies = bodies;
        this.resources = resources;
        this.metrics = metrics;
        this.openApi = openApi;
    }

    @Override
    public Reply answer(Call call) {
        List<String> path = call.path();
        Optional<ResourcePaths.Parts> parts = ResourcePaths.parts(path);
        return parts.isPresent() ? resource(call, parts.get()) : document(call, path);
    }

    /** What is not about objects: health, version, discovery. */
    private Reply document(Call call, List<String> path) {
        authorizer.require(
                call.caller(), new Act.OnPath(call.method().toLowerCase(Locale.ROOT), "/" + String.join("/", path)));
        if (path.isEmpty()) {
            return get(call, Reply.json(200, rootPaths()));
        }
        String first = path.getFirst();
        if (HEALTH.contains(first)) {
            return get(call, Reply.text(200, "ok"));
        }
        return switch (first) {
            case "version" -> get(call, Reply.json(200, ServedVersion.document()));
            case "openapi" -> openApi.answer(call);
            case "api" -> coreDiscovery(call, path);
            case "apis" -> groupDiscovery(call, path);
            default -> throw nowhere();
        };
    }

    private static Reply get(Call call, Reply reply) {
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            throw ApiFailure.methodNotAllowed(ApiFailure.Subject.NONE);
        }
        return reply;
    }

    private static ObjectNode rootPaths() {
        ObjectNode paths = Json.object();
        List.of("/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version")
                .forEach(paths.putArray("paths")::add);
        return paths;
    }

    static ApiFailure nowhere() {
        return ApiFailure.of(404, "NotFound", "the server could not find the requested resource");
    }

    private Reply coreDiscovery(Call call, List<String> path) {
        DiscoveryDocuments documents = catalog.current().documents();
        if (path.size() == 1) {
            return get(call, aggregatedOr(call, documents, true, documents.coreVersions("")));
        }
        return get(call, found(documents.resourceList("", path.get(1))));
    }

    private Reply groupDiscovery(Call call, List<String> path) {
        DiscoveryDocuments documents = catalog.current().documents();
        return get(
                call,
                switch (path.size()) {
                    case 1 -> aggregatedOr(call, documents, false, documents.groupList());
                    case 2 -> found(documents.group(path.get(1)));
                    default -> found(documents.resourceList(path.get(1), path.get(2)));
                });
    }

    private static Reply aggregatedOr(Call call, DiscoveryDocuments documents, boolean core, ObjectNode legacy) {
        Accept accept = Accept.forDiscovery(call.accept());
        if (accept.form() != Accept.Form.AGGREGATED_DISCOVERY) {
            return Reply.json(200, legacy);
        }
        // Clients tell the two forms apart by this header alone.
        return Reply.json(200, documents.aggregated(core, accept.version()))
                .as("application/json;g=apidiscovery.k8s.io;v=" + accept.version() + ";as=APIGroupDiscoveryList");
    }

    private static Reply found(Optional<ObjectNode> document) {
        return Reply.json(200, document.orElseThrow(Router::nowhere));
    }

    private Reply resource(Call call, ResourcePaths.Parts parts) {
        Optional<Target> target = new ResourcePaths(catalog.current()).target(parts);
        String verb = Resources.verb(call, parts);
        authorizer.require(call.caller(), parts.act(verb, chosen(call, verb)));
        if (target.isPresent()) {
            return resources.answer(call, target.get(), verb);
        }
        if (REVIEW_GROUPS.contains(parts.group()) && parts.version().equals("v1") && verb.equals("create")) {
            ObjectNode review = bodies.object(call);
            return Reply.json(201, reviews.answer(parts.plural(), parts.namespace(), review, call.caller()));
        }
        return metrics.answer(call, ResourcePaths.measured(parts).orElseThrow(Router::nowhere), verb);
    }

    /** Whoever may read one object may also list and watch just this one. */
    private static String chosen(Call call, String verb) {
        return verb.equals("list") || verb.equals("watch")
                ? FieldSelector.nameIn(call.query().text("fieldSelector"))
                : "";
    }
}
