package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Service that was there before its Canary: what it was stands in an annotation, so that it can be that again. One that Flagger has adopted
 * has no such annotation; what was last applied to it is the next best.
 */
final class AdoptedService {
    /** Its selector and ports, as they were. */
    static final String ADOPTED = "linnet.dev/adopted";

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final JsonMapper JSON = new JsonMapper();

    private AdoptedService() {}

    /** @param mended the same with the selector and ports that its release wants */
    static Service adopted(Service live, ServiceBuilder mended) {
        Map<String, String> annotations = annotations(live);
        // Flagger marks what it has changed, and so do we: only one without the mark is as it was.
        if (!Ownership.isLeftAlone(annotations)) {
            annotations.put(ADOPTED, text(live));
        }
        return mended.editMetadata()
                .withAnnotations(Ownership.leftAlone(annotations))
                .endMetadata()
                .build();
    }

    private static String text(Service live) {
        ObjectNode original = JSON.createObjectNode();
        original.set("selector", JSON.valueToTree(live.getSpec().getSelector()));
        original.set("ports", JSON.valueToTree(live.getSpec().getPorts()));
        return original.toString();
    }

    /** @param otherwise the selector if nothing says what it was */
    static Service reverted(Service live, Map<String, String> otherwise) {
        Map<String, String> annotations = annotations(live);
        Optional<JsonNode> original = parsed(annotations.remove(ADOPTED));
        Optional<JsonNode> applied = parsed(annotations.get(LAST_APPLIED)).map(whole -> whole.path("spec"));
        Map<String, String> selector = original.or(() -> applied)
                .map(spec -> ServiceReader.map(spec.path("selector")))
                .filter(map -> !map.isEmpty())
                .orElse(otherwise);
        List<ServicePort> ports = original.map(spec -> ports(spec.path("ports")))
                .orElse(live.getSpec().getPorts());
        return new ServiceBuilder(live)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .editSpec()
                .withSelector(selector)
                .withPorts(ports)
                .endSpec()
                .build();
    }

    private static List<ServicePort> ports(JsonNode nodes) {
        List<ServicePort> ports = new ArrayList<>();
        nodes.forEach(node -> ports.add(JSON.convertValue(node, ServicePort.class)));
        return ports;
    }

    private static Optional<JsonNode> parsed(@org.jspecify.annotations.Nullable String text) {
        try {
            return text == null
                    ? Optional.empty()
                    : Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> annotations(Service live) {
        return new TreeMap<>(Objects.requireNonNullElse(live.getMetadata().getAnnotations(), Map.<String, String>of()));
    }
}
