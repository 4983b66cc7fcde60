package dev.linnet.cli.up;

import dev.linnet.cli.UserError;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Applies manifest files the way {@code kubectl apply --server-side} does. */
final class Manifests {
    private static final String FIELD_MANAGER = "linnet";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

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

    /** A manifest that this program brings along. */
    int applyOwn(String resource) {
        return apply(BroughtAlong.objects(resource, client.getKubernetesSerialization()), resource);
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

    /** @param from where they stand, for messages */
    int apply(List<? extends HasMetadata> objects, String from) {
        objects.forEach(object -> apply(object, from));
        return objects.size();
    }

    /** The API answers late while somebody else keeps the disk busy: what had no answer in time is said again, which changes nothing twice. */
    private void apply(HasMetadata object, String from) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                client.resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
                return;
            } catch (KubernetesClientException e) {
                if (!isLate(e) || System.nanoTime() > end) {
                    throw new UserError(
                            from + ": " + object.getKind() + " "
                                    + object.getMetadata().getName() + why(e),
                            e);
                }
            }
        }
    }

    private static boolean isLate(KubernetesClientException e) {
        return e.getCause() instanceof TimeoutException;
    }

    private static String why(KubernetesClientException e) {
        if (isLate(e)) {
            return " could not be applied: the API has not answered for " + PATIENCE.toSeconds()
                    + " s (is the disk full or very busy?)";
        }
        return " was refused: "
                + (e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
    }
}
