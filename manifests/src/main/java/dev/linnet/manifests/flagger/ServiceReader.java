package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.flagger.CanaryService.Marks;
import dev.linnet.manifests.flagger.CanaryService.Unmanaged;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code spec.service}. */
final class ServiceReader {
    private ServiceReader() {}

    /** @param usualPort where none is written; 0 where it must be */
    static CanaryService read(JsonNode service, int usualPort) throws UnreadableCanary {
        int port = service.path("port").asInt(usualPort);
        if (port < 1 || port > 65_535) {
            throw new UnreadableCanary("service.port is " + port + " (expected: 1 to 65535)");
        }
        return new CanaryService(
                port,
                service.path("portName").asText("http"),
                targetPort(service.path("targetPort"), port),
                CanaryReader.text(service.path("appProtocol")),
                service.path("portDiscovery").asBoolean(),
                service.path("headless").asBoolean(),
                CanaryReader.text(service.path("trafficDistribution")),
                marks(service.path("apex")),
                marks(service.path("primary")),
                marks(service.path("canary")),
                new Unmanaged(
                        texts(service.path("unmanagedMetadata").path("labels")),
                        texts(service.path("unmanagedMetadata").path("annotations"))));
    }

    private static IntOrString targetPort(JsonNode node, int port) {
        if (node.isTextual() && !node.asText().isEmpty()) {
            return new IntOrString(node.asText());
        }
        return new IntOrString(node.asInt() == 0 ? port : node.asInt());
    }

    private static Marks marks(JsonNode node) {
        return new Marks(map(node.path("labels")), map(node.path("annotations")));
    }

    static Map<String, String> map(JsonNode node) {
        Map<String, String> map = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    private static List<String> texts(JsonNode nodes) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.asText()));
        return texts;
    }
}
