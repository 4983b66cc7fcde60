package dev.linnet.machine.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Pods of the echo image, and what they answer. */
final class Pods {
    private Pods() {}

    static String pod(String namespace, String name, String more) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  containers:
                  - {name: app, image: "registry:5000/x/echo:1.2", ports: [{name: http, containerPort: 8080}], %s}
                """.formatted(name, namespace, more);
    }

    static PodCondition condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    static String get(Pod pod, String path) throws IOException {
        return get("http://" + pod.getStatus().getPodIP() + ":8080" + path);
    }

    /** Over a connection of its own, so that a Service may choose again. */
    static String get(String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(2_000);
        connection.setReadTimeout(5_000);
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
