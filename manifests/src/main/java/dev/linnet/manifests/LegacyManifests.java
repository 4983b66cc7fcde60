package dev.linnet.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Manifests of versions that no API server serves any more, as today's. All other objects stay as they are; comments are lost. */
public final class LegacyManifests {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private LegacyManifests() {}

    /**
     * The documents of a file, converted.
     *
     * @throws IllegalArgumentException if it is no YAML
     */
    public static String convert(String text) {
        StringBuilder converted = new StringBuilder();
        try {
            Iterator<Node> documents = new Yaml(new LoaderOptions())
                    .composeAll(new StringReader(text))
                    .iterator();
            while (documents.hasNext()) {
                JsonNode root = new LocatedYaml(documents.next()).root();
                if (!root.isNull()) {
                    convert(root);
                    converted.append(YAML.writeValueAsString(root));
                }
            }
        } catch (YAMLException e) {
            throw new IllegalArgumentException("is no YAML: " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return converted.toString();
    }

    private static void convert(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        object.path("items").forEach(LegacyManifests::convert);
        if (LegacyIngress.isLegacy(object)) {
            LegacyIngress.toV1(object);
        } else if (LegacyAutoscaler.isLegacy(object)) {
            LegacyAutoscaler.toV2(object);
        } else if (object.path("kind").asText().equals("IngressClass")
                && object.path("apiVersion").asText().equals("networking.k8s.io/v1beta1")) {
            object.put("apiVersion", "networking.k8s.io/v1");
        }
    }
}
