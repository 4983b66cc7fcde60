package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Definitions of group-versions that Kubernetes 1.33 no longer serves and no client knows, but that manifests in the world
 * still use. What differs from today is written by hand; what does not is taken from today's.
 */
final class LegacyDefinitions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUTOSCALING = "io.k8s.api.autoscaling.";
    private static final String NETWORKING = "io.k8s.api.networking.";

    /** Old group-versions and the packages of their definitions. */
    static final Map<String, String> GROUP_VERSIONS = Map.of(
            "extensions/v1beta1", "io.k8s.api.extensions.v1beta1",
            "networking.k8s.io/v1beta1", NETWORKING + "v1beta1",
            "autoscaling/v2beta1", AUTOSCALING + "v2beta1",
            "autoscaling/v2beta2", AUTOSCALING + "v2beta2");

    private LegacyDefinitions() {}

    static Map<String, ObjectNode> read(Path tables, Map<String, ObjectNode> current) throws IOException {
        Map<String, ObjectNode> legacy = new TreeMap<>();
        for (String groupVersion : List.of("extensions/v1beta1", "networking.k8s.io/v1beta1")) {
            legacy.putAll(handWritten(tables.resolve("ingress-v1beta1.json"), groupVersion));
        }
        legacy.putAll(handWritten(tables.resolve("autoscaling-v2beta1.json"), "autoscaling/v2beta1"));
        legacy.putAll(renamed(current, NETWORKING + "v1.IngressClass", NETWORKING + "v1beta1.IngressClass"));
        Map<String, ObjectNode> autoscaling = renamed(current, AUTOSCALING + "v2.", AUTOSCALING + "v2beta2.");
        // Came after v2beta2 had gone.
        GenerateSchemas.named(autoscaling, AUTOSCALING + "v2beta2.HPAScalingRules")
                .withObject("properties")
                .remove("tolerance");
        legacy.putAll(autoscaling);
        return legacy;
    }

    /** A file of definitions by short name, which one group-version or several of the same types share. */
    private static Map<String, ObjectNode> handWritten(Path file, String groupVersion) throws IOException {
        String definitions = GROUP_VERSIONS.get(groupVersion);
        String[] names = groupVersion.split("/", 2);
        String text = Files.readString(file)
                .replace("${definitions}", definitions)
                .replace("${group}", names[0])
                .replace("${version}", names[1]);
        Map<String, ObjectNode> found = new TreeMap<>();
        JSON.readTree(text)
                .properties()
                .forEach(entry -> found.put(definitions + "." + entry.getKey(), (ObjectNode) entry.getValue()));
        return found;
    }

    /** Copies of all definitions whose names begin with a prefix, under another, with what they refer to among them. */
    private static Map<String, ObjectNode> renamed(Map<String, ObjectNode> current, String prefix, String replacement)
            throws IOException {
        String before = version(prefix);
        String after = version(replacement);
        Map<String, ObjectNode> copies = new TreeMap<>();
        for (Map.Entry<String, ObjectNode> entry : current.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                String text = entry.getValue().toString().replace("/" + prefix, "/" + replacement);
                JsonNode copy = JSON.readTree(text);
                copy.path("x-kubernetes-group-version-kind").forEach(kind -> ((ObjectNode) kind).put("version", after));
                copies.put(replacement + entry.getKey().substring(prefix.length()), (ObjectNode) copy);
            }
        }
        if (copies.isEmpty()) {
            throw new IllegalStateException("No definition of version " + before + " begins with " + prefix);
        }
        return copies;
    }

    /** {@code v2} of {@code io.k8s.api.autoscaling.v2.} or {@code io.k8s.api.autoscaling.v2.HPA}. */
    private static String version(String definition) {
        return definition.split("\\.", -1)[4];
    }
}
