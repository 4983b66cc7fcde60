package dev.linnet.benchmarks;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A Kubernetes API of ours, in this JVM, with so many Ingresses, and the comparison's backend as Services v1 and v2. */
final class ManyIngresses implements AutoCloseable {
    /** Of each of them. */
    static final int PATHS = 10;

    private final ApiServer server;
    private final KubernetesClient client;

    ManyIngresses(Path directory, int ingresses) throws Exception {
        server = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                directory,
                true,
                "127.77.128.0/17",
                "benchmark",
                InstantSource.system()));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
                .build();
        client.load(new ByteArrayInputStream(WORLD.getBytes(StandardCharsets.UTF_8)))
                .create();
        try (ExecutorService workers = Executors.newFixedThreadPool(8)) {
            List<Future<?>> made = new ArrayList<>();
            for (int i = 0; i < ingresses; i++) {
                String manifest = ingress(i, "v1");
                made.add(workers.submit(
                        () -> client.resource(manifest).inNamespace("default").create()));
            }
            for (Future<?> each : made) {
                each.get();
            }
        }
    }

    String kubeconfig() {
        return server.kubeconfig().toString();
    }

    void pointTo(int ingress, String service) {
        client.resource(ingress(ingress, service)).inNamespace("default").update();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    static String host(int ingress) {
        return "app-" + ingress + ".example.com";
    }

    private static String ingress(int number, String service) {
        StringBuilder paths = new StringBuilder();
        for (int i = 0; i < PATHS; i++) {
            paths.append(PATH.formatted(i, service));
        }
        return INGRESS.formatted(number, host(number)) + paths;
    }

    @SuppressWarnings("InlineFormatString") // a manifest is easier to read by itself
    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: app-%d, namespace: default}
            spec:
              ingressClassName: nginx
              rules:
                - host: %s
                  http:
                    paths:
            """;

    @SuppressWarnings("InlineFormatString")
    private static final String PATH = """
                      - path: /api/%d
                        pathType: Prefix
                        backend: {service: {name: %s, port: {number: 80}}}
            """;

    private static final String WORLD = """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: nginx}
            spec: {controller: k8s.io/ingress-nginx}
            ---
            """ + service("v1", 18_081) + service("v2", 18_082);

    private static String service(String name, int port) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: NAME, namespace: default}
        spec: {ports: [{port: 80, targetPort: PORT}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: NAME-1, namespace: default, labels: {kubernetes.io/service-name: NAME}}
        addressType: IPv4
        endpoints: [{addresses: ["127.0.0.1"], conditions: {ready: true}}]
        ports: [{port: PORT, protocol: TCP}]
        ---
        """.replace("NAME", name).replace("PORT", Integer.toString(port));
    }
}
