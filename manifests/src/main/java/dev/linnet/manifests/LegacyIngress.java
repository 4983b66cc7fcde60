package dev.linnet.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Ingresses as they were written before networking.k8s.io/v1 (spec of ingress-nginx, §5.4). */
final class LegacyIngress {
    private static final Set<String> VERSIONS = Set.of("extensions/v1beta1", "networking.k8s.io/v1beta1");

    private LegacyIngress() {}

    static boolean isLegacy(JsonNode object) {
        return VERSIONS.contains(object.path("apiVersion").asText())
                && object.path("kind").asText().equals("Ingress");
    }

    /** Changes the object into one of networking.k8s.io/v1 that means the same. */
    static void toV1(ObjectNode ingress) {
        ingress.put("apiVersion", "networking.k8s.io/v1");
        if (!(ingress.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        JsonNode backend = spec.remove("backend");
        if (backend instanceof ObjectNode written) {
            convertBackend(written);
            spec.set("defaultBackend", written);
        }
        for (JsonNode rule : spec.path("rules")) {
            for (JsonNode path : rule.path("http").path("paths")) {
                convertPath(path);
            }
        }
    }

    private static void convertPath(JsonNode path) {
        if (path.get("backend") instanceof ObjectNode backend) {
            convertBackend(backend);
        }
        if (path instanceof ObjectNode object && !object.has("pathType")) {
            object.put("pathType", "ImplementationSpecific");
        }
    }

    private static void convertBackend(ObjectNode backend) {
        JsonNode name = backend.remove("serviceName");
        JsonNode port = backend.remove("servicePort");
        if (name == null && port == null) {
            return;
        }
        ObjectNode service = backend.putObject("service");
        if (name != null) {
            service.set("name", name);
        }
        if (port != null) {
            service.putObject("port").set(port.isNumber() ? "number" : "name", port);
        }
    }
}
