package dev.linnet.cli.up;

import dev.linnet.cli.UserError;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Applies manifest files the way {@code kubectl apply --server-side} does. */
final class Manifests {
    private static final String FIELD_MANAGER = "linnet";
    private static final Pattern BETWEEN_DOCUMENTS = Pattern.compile("(?m)^---$");

    private final KubernetesClient client;

    Manifests(KubernetesClient client) {
        this.client = client;
    }

    /** A file, or all YAML and JSON files of a folder in the order of their names. */
    int apply(Path path) {
        if (!Files.isReadable(path)) {
            throw new UserError("cannot read " + path + " (expected: a manifest file or a folder of them)");
        }
        try {
            if (!Files.isDirectory(path)) {
                return apply(Files.readAllBytes(path), path.toString());
            }
            try (Stream<Path> files = Files.list(path)) {
                return files.filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                        .sorted()
                        .mapToInt(this::apply)
                        .sum();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    /** A manifest that this program brings along. One replica of everything is enough here: another one would not outlive this process. */
    int applyOwn(String resource) {
        try (InputStream in = Manifests.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("replicas: 2", "replicas: 1");
            return apply(documents(text), resource);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private int apply(byte[] manifests, String from) {
        List<HasMetadata> objects;
        try {
            objects = client.load(new ByteArrayInputStream(manifests)).items();
        } catch (RuntimeException e) {
            throw new UserError(from + " is no list of Kubernetes objects: " + e.getMessage(), e);
        }
        return apply(objects, from);
    }

    /** As trees: with typed models, those of definitions above all, applying what a start needs takes nearly twice the processor time. */
    private List<GenericKubernetesResource> documents(String manifests) {
        return BETWEEN_DOCUMENTS
                .splitAsStream(manifests)
                .map(document ->
                        client.getKubernetesSerialization().unmarshal(document, GenericKubernetesResource.class))
                .toList();
    }

    private int apply(List<? extends HasMetadata> objects, String from) {
        for (HasMetadata object : objects) {
            try {
                client.resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            } catch (KubernetesClientException e) {
                String status =
                        e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
                throw new UserError(
                        from + ": " + object.getKind() + " "
                                + object.getMetadata().getName() + " was refused: " + status,
                        e);
            }
        }
        return objects.size();
    }
}
