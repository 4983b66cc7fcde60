package dev.linnet.benchmarks;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A Kubernetes API of ours, in this JVM, with so many Ingresses, and the comparison's backend as Services v1 and v2. */
final class ManyIngresses implements AutoCloseable {
    /** Of each of them. */
    static final int PATHS = 10;

    private final OwnApi api;
    private final KubernetesClient client;

    ManyIngresses(Path directory, int ingresses) throws Exception {
        api = new OwnApi(directory, "127.77.128.0/17");
        client = api.client();
        client.load(new ByteArrayInputStream(WORLD.getBytes(StandardCharsets.UTF_8)))
                .create();
        api.forEach(
                ingresses,
                i -> client.resource(ingress(i, "v1")).inNamespace("default").create());
    }

    String kubeconfig() {
        return api.kubeconfig();
    }

    void pointTo(int ingress, String service) {
        client.resource(ingress(ingress, service)).inNamespace("default").update();
    }

    @Override
    public void close() {
        api.close();
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
