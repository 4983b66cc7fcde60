package dev.linnet.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The cluster that the suites of clients run against: the one that {@code -Dlinnet.cluster=KUBECONFIG} names, else a local one of their own.
 * Nothing in those suites may rely on its being ours.
 */
final class TestedCluster implements AutoCloseable {
    private final Optional<Cluster> own;
    private final Path kubeconfig;
    private final Path folder;
    private final KubernetesClient client;

    private TestedCluster(Optional<Cluster> own, Path kubeconfig) throws IOException {
        this.own = own;
        this.kubeconfig = kubeconfig;
        this.folder = Files.createTempDirectory("linnet-e2e-files");
        this.client = clientIn("default");
    }

    static TestedCluster open() throws Exception {
        String given = System.getProperty("linnet.cluster", "");
        if (!given.isEmpty()) {
            return new TestedCluster(Optional.empty(), Path.of(given).toAbsolutePath());
        }
        Cluster cluster = Cluster.start();
        return new TestedCluster(Optional.of(cluster), cluster.kubeconfig());
    }

    /** A namespace for one test, with what every namespace gets. */
    String newNamespace() {
        String name = client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("linnet-e2e-")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
        client.serviceAccounts()
                .inNamespace(name)
                .withName("default")
                .waitUntilCondition(
                        account -> account != null, Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
        return name;
    }

    void deleteNamespace(String name) {
        client.namespaces().withName(name).delete();
    }

    Terminal terminalIn(String namespace) {
        return new Terminal(kubeconfig, namespace, folder.resolve(namespace));
    }

    /** A client that works in this namespace and repeats nothing by itself. */
    KubernetesClient clientIn(String namespace) {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        config.setNamespace(namespace);
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Override
    public void close() throws IOException {
        client.close();
        Folders.delete(folder);
        if (own.isPresent()) {
            own.get().close();
        }
    }
}
