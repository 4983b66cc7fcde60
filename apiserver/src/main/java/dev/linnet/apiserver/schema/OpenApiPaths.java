package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.PublishedResource.Subresource;
import java.util.List;
import java.util.Locale;

/**
 * The paths of one resource with their operations. kubectl looks here for the kind behind a path, for the parameters that
 * PATCH takes ({@code fieldValidation}) and for the patch types that it accepts.
 */
final class OpenApiPaths {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";

    private final PublishedResource resource;
    private final String definition;

    private OpenApiPaths(PublishedResource resource, String definition) {
        this.resource = resource;
        this.definition = definition;
    }

    static OpenApiPaths of(PublishedResource resource, String definition) {
        return new OpenApiPaths(resource, definition);
    }

    /** {@code /apis/apps/v1}, or {@code /api/v1} for the core group. */
    static String root(String groupVersion) {
        return (groupVersion.contains("/") ? "/apis/" : "/api/") + groupVersion;
    }

    static ObjectNode kind(PublishedResource resource, String kind) {
        return kind(resource.group(), resource.version(), kind);
    }

    void addTo(ObjectNode paths) {
        String root = root(resource.groupVersion());
        String collection = root + (resource.namespaced() ? "/namespaces/{namespace}/" : "/") + resource.plural();
        if (resource.createOnly()) {
            ObjectNode path = path(paths, collection, false);
            path.set("post", write("post", definition, kind(resource, resource.kind())));
            return;
        }
        collection(path(paths, collection, false));
        if (resource.namespaced()) {
            ObjectNode everywhere = paths.putObject(root + "/" + resource.plural());
            everywhere.set("get", list("ForAllNamespaces"));
        }
        object(path(paths, collection + "/{name}", true));
        for (Subresource subresource : resource.subresources()) {
            String name = subresource.name().toLowerCase(Locale.ROOT);
            ObjectNode below = path(paths, collection + "/{name}/" + name, true);
            switch (subresource) {
                case STATUS -> part(below, definition, kind(resource, resource.kind()));
                case SCALE -> part(below, SCALE, kind("autoscaling", "v1", "Scale"));
            }
        }
    }

    private void collection(ObjectNode path) {
        ObjectNode kind = kind(resource, resource.kind());
        path.set("get", list(""));
        path.set("post", write("post", definition, kind));
        ObjectNode deletion = operation("deletecollection", kind, Definitions.META + "Status");
        OpenApiParameters.selecting(deletion.putArray("parameters"));
        path.set("delete", deletion);
    }

    private ObjectNode list(String scope) {
        ObjectNode list = operation("list", kind(resource, resource.kind()), definition + "List");
        list.put("operationId", list.path("operationId").asText() + scope);
        ArrayNode parameters = list.putArray("parameters");
        OpenApiParameters.selecting(parameters);
        OpenApiParameters.watching(parameters);
        return list;
    }

    private void object(ObjectNode path) {
        ObjectNode kind = kind(resource, resource.kind());
        part(path, definition, kind);
        ObjectNode deletion = operation("delete", kind, Definitions.META + "Status");
        OpenApiParameters.deleting(deletion.putArray("parameters"));
        body(deletion, "*/*", Definitions.META + "DeleteOptions");
        path.set("delete", deletion);
    }

    /** Operations that an object and its subresources have in common. */
    private void part(ObjectNode path, String type, ObjectNode kind) {
        path.set("get", operation("get", kind, type));
        path.set("put", write("put", type, kind));
        ObjectNode patch = operation("patch", kind, type);
        ArrayNode parameters = patch.putArray("parameters");
        OpenApiParameters.writing(parameters);
        OpenApiParameters.forcing(parameters);
        for (String mediaType : patchTypes()) {
            body(patch, mediaType, Definitions.META + "Patch");
        }
        path.set("patch", patch);
    }

    /** A CRD says nothing of strategies and merge keys, so that its objects cannot be patched by them. */
    private List<String> patchTypes() {
        List<String> all = List.of(
                "application/apply-patch+yaml",
                "application/json-patch+json",
                "application/merge-patch+json",
                "application/strategic-merge-patch+json");
        return resource.custom().isPresent() ? all.subList(0, 3) : all;
    }

    private ObjectNode write(String action, String type, ObjectNode kind) {
        ObjectNode write = operation(action, kind, type);
        OpenApiParameters.writing(write.putArray("parameters"));
        body(write, "*/*", type);
        return write;
    }

    private ObjectNode operation(String action, ObjectNode kind, String answer) {
        String group = resource.group().isEmpty() ? "core" : resource.group().split("\\.", 2)[0];
        ObjectNode operation = NODES.objectNode();
        operation.put(
                "operationId",
                action
                        + capital(group)
                        + capital(resource.version())
                        + (resource.namespaced() ? "Namespaced" : "")
                        + resource.kind());
        operation.putArray("tags").add(group + "_" + resource.version());
        ObjectNode response = operation.putObject("responses").putObject("200").put("description", "OK");
        response.putObject("content").putObject("application/json").set("schema", reference(answer));
        operation.put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", kind);
        return operation;
    }

    private static void body(ObjectNode operation, String mediaType, String type) {
        ObjectNode body = operation.withObject("requestBody");
        body.withObject("content").putObject(mediaType).set("schema", reference(type));
        body.put("required", !type.endsWith("DeleteOptions"));
    }

    /** A new path with the parameters that stand in it. */
    private ObjectNode path(ObjectNode paths, String name, boolean ofObject) {
        ObjectNode path = paths.putObject(name);
        ArrayNode parameters = path.putArray("parameters");
        if (ofObject) {
            OpenApiParameters.inPath(parameters, "name", "name of the " + resource.kind());
        }
        if (resource.namespaced()) {
            OpenApiParameters.inPath(parameters, "namespace", "namespace of the " + resource.kind());
        }
        return path;
    }

    private static ObjectNode kind(String group, String version, String kind) {
        return NODES.objectNode().put("group", group).put("kind", kind).put("version", version);
    }

    private static ObjectNode reference(String type) {
        return NODES.objectNode().put("$ref", Definitions.REFERENCE + type);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
