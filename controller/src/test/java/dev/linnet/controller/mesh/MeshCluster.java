package dev.linnet.controller.mesh;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real API, in which each story has a namespace of its own. */
final class MeshCluster implements AutoCloseable {
    private final ApiServer api;
    private final KubernetesClient client;
    private final AtomicInteger shops = new AtomicInteger();

    MeshCluster(Path folder) {
        api = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                folder,
                true,
                "127.77.128.0/17",
                "secret",
                InstantSource.system()));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(api.kubeconfig().toFile()))
                .build();
    }

    ApiServer api() {
        return api;
    }

    KubernetesClient client() {
        return client;
    }

    /** Somebody has installed Istio's kinds. */
    void hasIstio() {
        objects("../deploy/istio-crds.yaml")
                .forEach(kind -> client.resource(kind).create());
    }

    /** With the rights that deploy/controller.yaml gives, and no others. */
    KubernetesClient clientOfTheController() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("linnet-system")
                        .endMetadata()
                        .build())
                .create();
        objects("../deploy/controller.yaml")
                .filter(object -> object.getApiVersion().startsWith("rbac.") || object instanceof ServiceAccount)
                .forEach(object -> client.resource(object)
                        .fieldManager("test")
                        .forceConflicts()
                        .serverSideApply());
        Config config = Config.fromKubeconfig(api.kubeconfig().toFile());
        config.setImpersonateUsername("system:serviceaccount:linnet-system:linnet-controller");
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private Stream<HasMetadata> objects(String file) {
        try (InputStream yaml = Files.newInputStream(Path.of(file))) {
            return client.load(yaml).items().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shop shop() {
        int number = shops.incrementAndGet();
        return new Shop(client, "shop-" + number, "127.93.7." + (10 + number % 200));
    }

    @Override
    public void close() {
        client.close();
        api.close();
    }
}
