package dev.linnet.cli;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that read objects: from files where some are named, else from a cluster. */
public final class ManifestSource {
    @Mixin
    private final KubernetesAccess cluster = new KubernetesAccess();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description = "Read manifests from this file or folder, or from standard input (-), instead of a cluster."
                    + " Repeatable.")
    private List<Path> files = new ArrayList<>();

    /** @param err where it is said which cluster is read */
    public <T> T read(PrintWriter err, Function<Manifests, T> ofFiles, Function<KubernetesClient, T> ofCluster) {
        if (!files.isEmpty()) {
            return ofFiles.apply(ManifestFiles.read(files, System.in));
        }
        try (KubernetesClient client = cluster.open(err)) {
            return ofCluster.apply(client);
        }
    }
}
