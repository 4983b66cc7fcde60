package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Fills what a container leaves out. */
final class ContainerDefaults {
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    private ContainerDefaults() {}

    static void apply(ObjectNode container, boolean hostNetwork) {
        Json.putDefault(container, "imagePullPolicy", pullPolicy(Json.text(container, "image")));
        Json.putDefault(container, "terminationMessagePath", "/dev/termination-log");
        Json.putDefault(container, "terminationMessagePolicy", "File");
        ObjectNode resources = Json.object(container, "resources");
        Quantities.canonicaliseMap(resources, "limits");
        Quantities.canonicaliseMap(resources, "requests");
        for (ObjectNode port : Json.objects(container, "ports")) {
            Json.putDefault(port, "protocol", "TCP");
            if (hostNetwork) {
                Json.putDefaultForZero(port, "hostPort", (int) Json.number(port, "containerPort"));
            }
        }
        for (String name : PROBES) {
            Json.find(container, name).ifPresent(ContainerDefaults::applyToProbe);
        }
        for (String hook : List.of("postStart", "preStop")) {
            Json.find(container, "lifecycle", hook, "httpGet").ifPresent(ContainerDefaults::applyToHttpGet);
        }
        Json.objects(container, "env").forEach(ContainerDefaults::applyToVariable);
    }

    /** An image without a tag, or with {@code latest}, may change under its name. */
    static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        return colon < 0 || last.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void applyToProbe(ObjectNode probe) {
        Json.putDefaultForZero(probe, "timeoutSeconds", 1);
        Json.putDefaultForZero(probe, "periodSeconds", 10);
        Json.putDefaultForZero(probe, "successThreshold", 1);
        Json.putDefaultForZero(probe, "failureThreshold", 3);
        Json.find(probe, "httpGet").ifPresent(ContainerDefaults::applyToHttpGet);
        Json.find(probe, "grpc").ifPresent(grpc -> Json.putDefault(grpc, "service", ""));
    }

    private static void applyToHttpGet(ObjectNode get) {
        Json.putDefault(get, "path", "/");
        Json.putDefault(get, "scheme", "HTTP");
    }

    private static void applyToVariable(ObjectNode variable) {
        Json.find(variable, "valueFrom", "fieldRef").ifPresent(ref -> Json.putDefault(ref, "apiVersion", "v1"));
        Json.find(variable, "valueFrom", "resourceFieldRef").ifPresent(ref -> {
            Json.putDefault(ref, "divisor", "0");
            Quantities.canonicalise(ref, "divisor");
        });
    }
}
