package dev.linnet.benchmarks;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** A Kubernetes API of ours, in this JVM, and its client. */
final class OwnApi implements AutoCloseable {
    private static final int WRITERS = 8;

    private final ApiServer server;
    private final KubernetesClient client;
    private final ExecutorService workers = Executors.newFixedThreadPool(WRITERS);

    /** @param services addresses for them, as {@code 127.64.0.0/10} */
    OwnApi(Path directory, String services) throws Exception {
        server = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                directory,
                true,
                services,
                "benchmark",
                InstantSource.system()));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
                .build();
    }

    String kubeconfig() {
        return server.kubeconfig().toString();
    }

    KubernetesClient client() {
        return client;
    }

    /** Does something for 0, 1, 2, …, several at a time, and waits until all is done. */
    void forEach(int number, IntConsumer what) throws Exception {
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int each = i;
            done.add(workers.submit(() -> what.accept(each)));
        }
        for (Future<?> each : done) {
            each.get();
        }
    }

    /** Does it among the others, some time. */
    void execute(Runnable what) {
        workers.execute(what);
    }

    @Override
    public void close() {
        workers.shutdownNow();
        client.close();
        server.close();
    }
}
