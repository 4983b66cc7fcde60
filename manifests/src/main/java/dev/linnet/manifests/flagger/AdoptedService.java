package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Service that was there before its Canary: its selector and ports are kept, so that it can have them again ({@link AdoptedObject}). */
final class AdoptedService {
    private static final JsonMapper JSON = new JsonMapper();

    private AdoptedService() {}

    /** @param mended the same with the selector and ports that its release wants */
    static Service adopted(Service live, ServiceBuilder mended) {
        return mended.editMetadata()
                .withAnnotations(AdoptedObject.marks(live.getMetadata(), spec(live), Map.of()))
                .endMetadata()
                .build();
    }

    private static JsonNode spec(Service live) {
        ObjectNode spec = JSON.createObjectNode();
        spec.set("selector", JSON.valueToTree(live.getSpec().getSelector()));
        spec.set("ports", JSON.valueToTree(live.getSpec().getPorts()));
        return spec;
    }

    /** @param otherwise the selector if nothing says what it was */
    static Service reverted(Service live, Map<String, String> otherwise) {
        Map<String, String> selector = AdoptedObject.original(live.getMetadata())
                .map(spec -> ServiceReader.map(spec.path("selector")))
                .filter(map -> !map.isEmpty())
                .orElse(otherwise);
        // What was last applied does not know the ports of nodes, which must not change.
        List<ServicePort> ports = AdoptedObject.kept(live.getMetadata())
                .map(spec -> ports(spec.path("ports")))
                .orElse(live.getSpec().getPorts());
        return new ServiceBuilder(live)
                .editMetadata()
                .withAnnotations(AdoptedObject.unmarked(live.getMetadata()))
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
}
