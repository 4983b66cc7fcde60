package dev.linnet.controller.mesh;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

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
