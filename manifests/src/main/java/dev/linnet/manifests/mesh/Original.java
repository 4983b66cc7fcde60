package dev.linnet.manifests.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a Service's author wants of it: which Pods, and at which of their ports. While its traffic passes through gateways this stands in
 * an annotation, {@code {"selector": {...}, "ports": [...]}}.
 *
 * @param ports whole, as in {@code spec.ports}
 */
public record Original(Map<String, String> selector, List<JsonNode> ports) {
    public static final String ANNOTATION = "linnet.dev/original";

    static final JsonMapper JSON = JsonMapper.builder().build();

    public Original {
        selector = new TreeMap<>(selector);
        ports = List.copyOf(ports);
    }

    /** As the annotation says; empty for a Service that is not taken over, or whose annotation somebody has spoiled. */
    public static Optional<Original> kept(Service service) {
        return Optional.ofNullable(service.getMetadata().getAnnotations())
                .flatMap(annotations -> Optional.ofNullable(annotations.get(ANNOTATION)))
                .flatMap(Original::parse);
    }

    private static Optional<Original> parse(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (!isSelector(root.path("selector")) || !root.path("ports").isArray()) {
                return Optional.empty();
            }
            List<JsonNode> ports = new ArrayList<>();
            root.path("ports").forEach(ports::add);
            Original parsed = new Original(
                    JSON.convertValue(root.path("selector"), new TypeReference<Map<String, String>>() {}), ports);
            return isWhole(parsed) ? Optional.of(parsed) : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isSelector(JsonNode written) {
        return written.isObject()
                && written.propertyStream().allMatch(entry -> entry.getValue().isTextual());
    }

    /** @throws IllegalArgumentException if a port is none */
    private static boolean isWhole(Original parsed) {
        return parsed.ports.stream().allMatch(JsonNode::isObject)
                && parsed.servicePorts().stream().allMatch(port -> port.getPort() != null);
    }

    /** As its spec says at this moment. */
    static Original now(Service service) {
        List<JsonNode> ports = new ArrayList<>();
        JSON.<ArrayNode>valueToTree(service.getSpec().getPorts()).forEach(ports::add);
        return new Original(Optional.ofNullable(service.getSpec().getSelector()).orElseGet(Map::of), ports);
    }

    List<ServicePort> servicePorts() {
        return ports.stream()
                .map(port -> JSON.convertValue(port, ServicePort.class))
                .toList();
    }

    String text() {
        ObjectNode root = JSON.createObjectNode();
        root.set("selector", JSON.valueToTree(selector));
        root.putArray("ports").addAll(ports);
        return root.toString();
    }
}
