package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;

/**
 * Ingresses as {@code networking.k8s.io/v1beta1} and {@code extensions/v1beta1} write them: a backend is {@code serviceName}
 * and {@code servicePort}, the default one is {@code spec.backend}, and a path without a type is left to the controller.
 *
 * @param groupVersion of the served shape
 */
record IngressVersions(String groupVersion) implements VersionConverter {
    private static final String STORED = "networking.k8s.io/v1";

    @Override
    public ObjectNode toStored(ObjectNode served) {
        served.put("apiVersion", STORED);
        Json.find(served, "spec").ifPresent(spec -> {
            Json.find(spec, "backend").ifPresent(backend -> {
                spec.remove("backend");
                spec.set("defaultBackend", backendToStored(backend));
            });
            for (ObjectNode rule : Json.objects(spec, "rules")) {
                Json.objects(rule, "http", "paths").forEach(IngressVersions::pathToStored);
            }
        });
        return served;
    }

    private static void pathToStored(ObjectNode path) {
        Json.putDefault(path, "pathType", "ImplementationSpecific");
        Json.find(path, "backend").ifPresent(backend -> path.set("backend", backendToStored(backend)));
    }

    private static ObjectNode backendToStored(ObjectNode backend) {
        JsonNode name = backend.remove("serviceName");
        JsonNode port = backend.remove("servicePort");
        if (name == null && port == null) {
            return backend;
        }
        ObjectNode service = backend.putObject("service");
        if (name != null) {
            service.set("name", name);
        }
        if (port != null) {
            service.putObject("port").set(port.isTextual() ? "name" : "number", port);
        }
        return backend;
    }

    @Override
    public ObjectNode toServed(ObjectNode stored) {
        stored.put("apiVersion", groupVersion);
        Json.find(stored, "spec").ifPresent(spec -> {
            Json.find(spec, "defaultBackend").ifPresent(backend -> {
                spec.remove("defaultBackend");
                spec.set("backend", backendToServed(backend));
            });
            for (ObjectNode rule : Json.objects(spec, "rules")) {
                for (ObjectNode path : Json.objects(rule, "http", "paths")) {
                    Json.find(path, "backend").ifPresent(backend -> path.set("backend", backendToServed(backend)));
                }
            }
        });
        return stored;
    }

    private static ObjectNode backendToServed(ObjectNode backend) {
        Json.find(backend, "service").ifPresent(service -> {
            backend.remove("service");
            if (service.has("name")) {
                backend.set("serviceName", service.get("name"));
            }
            JsonNode port = service.path("port");
            JsonNode value = port.has("name") ? port.get("name") : port.path("number");
            if (!value.isMissingNode()) {
                backend.set("servicePort", value);
            }
        });
        return backend;
    }
}
