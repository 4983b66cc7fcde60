package dev.linnet.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Manifests of the walks, with their blanks filled in. */
final class Manifests {
    private Manifests() {}

    static String app(String name, String image, int port, int replicas, String version) {
        return read(
                "app.yaml",
                Map.of(
                        "name",
                        name,
                        "image",
                        image,
                        "port",
                        Integer.toString(port),
                        "replicas",
                        Integer.toString(replicas),
                        "version",
                        version));
    }

    /** @param annotations lines as they stand below {@code annotations:}, without indentation */
    static String ingress(String name, String host, String service, int port, String... annotations) {
        return ingressOf("ingress.yaml", name, host, service, port, annotations);
    }

    /** The same as people wrote it before Kubernetes 1.19. */
    static String legacyIngress(String name, String host, String service, int port, String... annotations) {
        return ingressOf("legacy-ingress.yaml", name, host, service, port, annotations);
    }

    private static String ingressOf(
            String file, String name, String host, String service, int port, String... annotations) {
        StringBuilder lines = new StringBuilder();
        for (String annotation : annotations) {
            lines.append("\n    ").append(annotation);
        }
        return read(
                file,
                Map.of(
                        "name",
                        name,
                        "host",
                        host,
                        "service",
                        service,
                        "port",
                        Integer.toString(port),
                        "annotations",
                        lines.isEmpty() ? " {}" : lines.toString()));
    }

    static String read(String file, Map<String, String> values) {
        try (InputStream in = Manifests.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing among the test's resources");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("${" + value.getKey() + "}", value.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
