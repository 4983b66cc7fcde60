package dev.linnet.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code deploy/} puts into every cluster, and what only a local one needs. As trees: with typed models a start takes nearly twice the processor time.
 *
 * @param definitions of kinds
 * @param objects     the rest, in the order in which they are to be applied
 * @param later       what begins once the gateway is ready, as it would only take time from it
 */
record BroughtAlong(
        List<ObjectNode> definitions, List<GenericKubernetesResource> objects, List<GenericKubernetesResource> later) {
    private static final String CONTROLLER = "/deploy/controller.yaml";

    private static final List<String> FROM_THE_START = List.of(
            "/deploy/istio-crds.yaml",
            "/deploy/gateway-api-crds.yaml",
            "/deploy/flagger-crds.yaml",
            "/deploy/gateway.yaml",
            "local.yaml",
            CONTROLLER);

    private static final Pattern BETWEEN_DOCUMENTS = Pattern.compile("(?m)^---$");

    BroughtAlong {
        definitions = List.copyOf(definitions);
        objects = List.copyOf(objects);
        later = List.copyOf(later);
    }

    /** What is there when a cluster is ready. */
    static BroughtAlong fromTheStart(KubernetesSerialization models) {
        List<ObjectNode> definitions = new ArrayList<>();
        List<GenericKubernetesResource> objects = new ArrayList<>();
        List<GenericKubernetesResource> later = new ArrayList<>();
        for (String resource : FROM_THE_START) {
            for (JsonNode document : documents(resource, models)) {
                String kind = document.path("kind").asText();
                if (kind.equals("CustomResourceDefinition")) {
                    definitions.add((ObjectNode) document);
                } else {
                    boolean waits = resource.equals(CONTROLLER) && kind.equals("Deployment");
                    (waits ? later : objects).add(models.convertValue(document, GenericKubernetesResource.class));
                }
            }
        }
        return new BroughtAlong(definitions, objects, later);
    }

    /** The objects of one file, definitions and all. */
    static List<GenericKubernetesResource> objects(String resource, KubernetesSerialization models) {
        return documents(resource, models).stream()
                .map(document -> models.convertValue(document, GenericKubernetesResource.class))
                .toList();
    }

    /** One replica of everything is enough here: another one would not outlive this process. */
    private static List<JsonNode> documents(String resource, KubernetesSerialization models) {
        try (InputStream in = BroughtAlong.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("replicas: 2", "replicas: 1");
            return BETWEEN_DOCUMENTS
                    .splitAsStream(text)
                    .map(document -> models.unmarshal(document, JsonNode.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
