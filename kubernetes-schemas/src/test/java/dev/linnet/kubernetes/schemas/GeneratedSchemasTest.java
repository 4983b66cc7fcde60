package dev.linnet.kubernetes.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What the build has written into this module's classes. */
class GeneratedSchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyReferenceLeadsToADefinition() throws Exception {
        Map<String, ObjectNode> definitions = definitions();
        Set<String> references = new TreeSet<>();
        definitions.values().forEach(definition -> collectReferences(definition, references));

        assertThat(references).isNotEmpty();
        assertThat(definitions.keySet()).containsAll(references);
    }

    @Test
    void everyPackageOfTheIndexIsThere() throws Exception {
        JsonNode index = JSON.readTree(folder().resolve("index.json").toFile());

        assertThat(index.path("packages").properties())
                .hasSize(25)
                .allSatisfy(
                        entry -> assertThat(folder().resolve(entry.getValue().asText() + ".json.gz"))
                                .exists());
        assertThat(index.path("digest").asText()).hasSize(64);
    }

    @Test
    void everyKindSaysWhatItIs() throws Exception {
        JsonNode ingress = Objects.requireNonNull(definitions().get("io.k8s.api.extensions.v1beta1.Ingress"));
        JsonNode eviction = Objects.requireNonNull(definitions().get("io.k8s.api.policy.v1.Eviction"));

        assertThat(ingress.path("x-kubernetes-group-version-kind"))
                .isEqualTo(JSON.readTree(
                        "[{\"group\": \"extensions\", \"kind\": \"Ingress\", \"version\": \"v1beta1\"}]"));
        assertThat(eviction.path("x-kubernetes-group-version-kind"))
                .isEqualTo(JSON.readTree("[{\"group\": \"policy\", \"kind\": \"Eviction\", \"version\": \"v1\"}]"));
    }

    @Test
    void everyFieldHasAWordOfExplanation() throws Exception {
        List<String> silent = new ArrayList<>();
        definitions()
                .forEach((name, definition) -> definition
                        .path("properties")
                        .properties()
                        .forEach(property -> {
                            if (property.getValue().path("description").asText().isEmpty()) {
                                silent.add(name + "." + property.getKey());
                            }
                        }));

        // The few of which Kubernetes itself says nothing.
        assertThat(silent).hasSizeLessThan(40);
    }

    @Test
    void staysSmall() throws Exception {
        try (Stream<Path> files = Files.list(folder())) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(250_000);
        }
    }

    @Test
    void leavesOutWhatCameAfterAVersionHadGone() throws Exception {
        Map<String, ObjectNode> definitions = definitions();

        assertThat(properties(definitions, "io.k8s.api.autoscaling.v2.HPAScalingRules"))
                .contains("tolerance");
        assertThat(properties(definitions, "io.k8s.api.autoscaling.v2beta2.HPAScalingRules"))
                .contains("policies")
                .doesNotContain("tolerance");
    }

    private static List<String> properties(Map<String, ObjectNode> definitions, String name) {
        List<String> names = new ArrayList<>();
        Objects.requireNonNull(definitions.get(name), name)
                .path("properties")
                .fieldNames()
                .forEachRemaining(names::add);
        return names;
    }

    private static void collectReferences(JsonNode node, Set<String> references) {
        if (node.path("$ref").isTextual()) {
            references.add(node.path("$ref").textValue().substring("#/components/schemas/".length()));
        }
        node.forEach(child -> collectReferences(child, references));
    }

    private static Map<String, ObjectNode> definitions() throws Exception {
        Map<String, ObjectNode> definitions = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".json.gz")).toList()) {
                read(file)
                        .properties()
                        .forEach(entry -> definitions.put(entry.getKey(), (ObjectNode) entry.getValue()));
            }
        }
        return definitions;
    }

    private static JsonNode read(Path file) throws IOException {
        try (InputStream text = new GZIPInputStream(Files.newInputStream(file))) {
            return JSON.readTree(text);
        }
    }

    private static Path folder() throws Exception {
        URI index = Objects.requireNonNull(GenerateSchemas.class.getResource("/kubernetes-schemas/index.json"))
                .toURI();
        return Objects.requireNonNull(Path.of(index).getParent());
    }
}
