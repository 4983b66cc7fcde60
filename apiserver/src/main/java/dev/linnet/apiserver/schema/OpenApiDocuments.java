package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The documents below {@code /openapi/v3}: an index, and a document per group-version with what is served there. kubectl reads
 * them for {@code explain}, to validate, and to know how to merge. A document is made when it is asked for; clients keep it
 * as long as the index shows the same hash.
 */
public final class OpenApiDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final SchemaCatalog catalog;

    public OpenApiDocuments(SchemaCatalog catalog) {
        this.catalog = catalog;
    }

    /** What {@code GET /openapi/v3} answers: where each group-version's document is, with its hash. */
    public ObjectNode index(Collection<PublishedResource> served) {
        Map<String, MessageDigest> digests = new TreeMap<>();
        for (PublishedResource resource : served) {
            digests.computeIfAbsent(resource.groupVersion(), _ -> startedDigest())
                    .update(identity(resource).getBytes(StandardCharsets.UTF_8));
        }
        ObjectNode index = NODES.objectNode();
        ObjectNode paths = index.putObject("paths");
        digests.forEach((groupVersion, digest) -> {
            String path = OpenApiPaths.root(groupVersion).substring(1);
            String hash = HexFormat.of().withUpperCase().formatHex(digest.digest());
            paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
        });
        return index;
    }

    /**
     * What {@code GET /openapi/v3/apis/{group}/{version}} answers, in JSON.
     *
     * @param served the resources of this group-version, or of all
     */
    public byte[] document(String groupVersion, Collection<PublishedResource> served) {
        List<PublishedResource> here = served.stream()
                .filter(resource -> resource.groupVersion().equals(groupVersion))
                .toList();
        Map<String, ObjectNode> definitions = new TreeMap<>();
        ObjectNode paths = NODES.objectNode();
        for (PublishedResource resource : here) {
            String definition = definitionName(resource);
            resource.custom().ifPresent(schema -> addCustom(resource, definition, schema, definitions));
            OpenApiPaths.of(resource, definition).addTo(paths);
        }
        addReferenced(paths, definitions);
        ObjectNode document = NODES.objectNode();
        document.put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
        document.set("paths", paths);
        document.putObject("components").putObject("schemas").setAll(definitions);
        return bytes(document);
    }

    /** {@code io.k8s.api.apps.v1.Deployment}, or for a custom resource {@code app.flagger.v1beta1.Canary}. */
    private String definitionName(PublishedResource resource) {
        return catalog.definitionName(resource.groupVersion(), resource.kind())
                .filter(_ -> resource.custom().isEmpty())
                .orElseGet(() -> reversed(resource.group()) + "." + resource.version() + "." + resource.kind());
    }

    private static String reversed(String group) {
        return String.join(".", List.of(group.split("\\.", -1)).reversed());
    }

    private static void addCustom(
            PublishedResource resource, String name, CustomSchema schema, Map<String, ObjectNode> definitions) {
        ObjectNode definition = schema.openApi().deepCopy();
        addKind(definition, resource, resource.kind());
        definitions.put(name, definition);
        ObjectNode list = NODES.objectNode();
        list.put("description", resource.kind() + "List is a list of " + resource.kind() + ".");
        ObjectNode properties = list.putObject("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("items").put("type", "array").putObject("items").put("$ref", Definitions.REFERENCE + name);
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put("$ref", Definitions.REFERENCE + Definitions.META + "ListMeta");
        list.putArray("required").add("items");
        list.put("type", "object");
        addKind(list, resource, resource.kind() + "List");
        definitions.put(name + "List", list);
    }

    private static void addKind(ObjectNode definition, PublishedResource resource, String kind) {
        definition.putArray("x-kubernetes-group-version-kind").add(OpenApiPaths.kind(resource, kind));
    }

    /** All definitions that the paths refer to, and those that these refer to. */
    private void addReferenced(ObjectNode paths, Map<String, ObjectNode> definitions) {
        Deque<JsonNode> pending = new ArrayDeque<>(List.copyOf(definitions.values()));
        pending.add(paths);
        while (!pending.isEmpty()) {
            JsonNode node = pending.remove();
            JsonNode reference = node.path("$ref");
            // A property may be called $ref too; then it is an object.
            if (reference.isTextual()) {
                String name = reference.textValue().substring(Definitions.REFERENCE.length());
                if (!definitions.containsKey(name)) {
                    ObjectNode definition = catalog.definitions().named(name);
                    definitions.put(name, definition);
                    pending.add(definition);
                }
            }
            node.forEach(child -> {
                if (child.isContainerNode()) {
                    pending.add(child);
                }
            });
        }
    }

    /** Everything that changes the document, as text. */
    private static String identity(PublishedResource resource) {
        return resource.kind()
                + '/'
                + resource.plural()
                + '/'
                + resource.namespaced()
                + '/'
                + resource.subresources()
                + '/'
                + resource.createOnly()
                + '/'
                + resource.custom().map(schema -> schema.openApi().toString()).orElse("")
                + '\n';
    }

    private MessageDigest startedDigest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(catalog.digest().getBytes(StandardCharsets.UTF_8));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform we run on has SHA-512", e);
        }
    }

    private static byte[] bytes(ObjectNode document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }
}
