package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;

/**
 * The OpenAPI definitions of built-in types, by name ({@code io.k8s.api.core.v1.PodSpec}). A package is read when the first of
 * its definitions is asked for: most programs never need most of them.
 */
final class Definitions {
    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    static final String REFERENCE = "#/components/schemas/";

    private static final String FOLDER = "/kubernetes-schemas/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> packages = new ConcurrentHashMap<>();
    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

    Optional<ObjectNode> find(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        ObjectNode definitions = packages.computeIfAbsent(name.substring(0, dot), Definitions::read);
        return definitions.path(name) instanceof ObjectNode definition ? Optional.of(definition) : Optional.empty();
    }

    ObjectNode named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("There is no definition " + name));
    }

    /** The same object for the same name, however many types refer to it, and however they refer to each other. */
    Shape shape(String name) {
        Shape known = shapes.get(name);
        return known != null ? known : shapes.computeIfAbsent(name, _ -> Shape.builtIn(name, named(name), this));
    }

    static ObjectNode index() {
        try (InputStream file = open("index.json").orElseThrow(Definitions::missing)) {
            return (ObjectNode) JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the index of Kubernetes schemas", e);
        }
    }

    /** A gzipped resource of the schemas' module. */
    static Optional<InputStream> open(String name) throws IOException {
        InputStream file = Definitions.class.getResourceAsStream(FOLDER + name);
        if (file == null) {
            return Optional.empty();
        }
        return Optional.of(name.endsWith(".gz") ? new BufferedInputStream(new GZIPInputStream(file)) : file);
    }

    static IllegalStateException missing() {
        return new IllegalStateException(
                "The Kubernetes schemas are not on the class path (expected: the resources of linnet-kubernetes-schemas)");
    }

    private static ObjectNode read(String definitionPackage) {
        try {
            Optional<InputStream> found = open(definitionPackage + ".json.gz");
            if (found.isEmpty()) {
                return JsonNodeFactory.instance.objectNode();
            }
            try (InputStream file = found.get()) {
                JsonNode definitions = JSON.readTree(file);
                return (ObjectNode) definitions;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the schemas of " + definitionPackage, e);
        }
    }
}
