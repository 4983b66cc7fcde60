package dev.linnet.benchmarks;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What ten thousand Ingresses of ten paths each cost a {@code linnet gateway} that follows a Kubernetes API: start, memory, speed, and how
 * soon a change is obeyed. The API is ours, in this JVM; the gateway is a process of its own.
 */
final class ScaleFigures {
    private static final int INGRESSES = 10_000;
    private static final int PATHS = 10;
    private static final int CONNECTIONS = 10_000;
    private static final int CHANGES = 500;
    private static final int WARM_UP_CHANGES = 50;
    private static final int ROUNDS = 10;
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final int LOAD_CORE = 1;

    private final Path folder;

    ScaleFigures(Path folder) {
        this.folder = folder;
    }

    void print(PrintStream out) throws Exception {
        out.println(Machine.words());
        out.println();
        Process backend = SideBySide.buildAndStartBackend(folder);
        try (Api few = new Api(folder.resolve("few"), 1);
                Api many = new Api(folder.resolve("many"), INGRESSES);
                Gateway small = new Gateway(few);
                Gateway large = new Gateway(many)) {
            row(out, "exec to ready, 1 Ingress", "%.2f s", small.readySeconds);
            row(
                    out,
                    "exec to ready, %,d Ingresses of %d paths".formatted(INGRESSES, PATHS),
                    "%.2f s",
                    large.readySeconds);
            measureSpeed(small, large, out);
            measureChanges(many, large, out);
            measureMemory(large, out);
        } finally {
            Commands.stop(backend);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would need a dependency
    private static void row(PrintStream out, String what, String format, Object... figures) {
        out.println("| " + what + " | " + String.format(Locale.ROOT, format, figures) + " |");
        out.flush();
    }

    /** CPU per request, the two gateways in turn: one that knows one host, and one that is asked for all of its hosts. */
    private void measureSpeed(Gateway small, Gateway large, PrintStream out) throws Exception {
        load(small, 1, Duration.ofSeconds(30));
        load(large, INGRESSES, Duration.ofSeconds(30));
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            double one = load(small, 1, ROUND);
            double all = load(large, INGRESSES, ROUND);
            ratios[i] = all / one;
        }
        row(
                out,
                "CPU per request, %,d hosts in turn ÷ one host, median of %d pairs".formatted(INGRESSES, ROUNDS),
                "%.3f",
                Ratio.median(ratios));
    }

    /** CPU microseconds per request. */
    private double load(Gateway gateway, int hosts, Duration time) throws Exception {
        Path log = folder.resolve("lg.out");
        double before = Machine.cpuSeconds(gateway.process.toHandle());
        Process generator = Commands.start(
                LOAD_CORE,
                List.of(
                        folder.resolve("lg").toString(),
                        "-p",
                        Integer.toString(gateway.port),
                        "-c",
                        "64",
                        "-d",
                        Long.toString(time.toSeconds()),
                        "-w",
                        "0",
                        "-n",
                        Integer.toString(hosts),
                        "-h",
                        folder.resolve("h8.txt").toString()),
                log);
        generator.waitFor();
        String said = Files.readString(log);
        long requests = Long.parseLong(said.replaceAll("(?s).*\"n\":([0-9]+).*", "$1"));
        if (!said.contains("\"errs\":0")) {
            throw new IOException("requests failed: " + said);
        }
        return (Machine.cpuSeconds(gateway.process.toHandle()) - before) * 1e6 / requests;
    }

    private static void measureChanges(Api api, Gateway gateway, PrintStream out) throws Exception {
        double[] millis = new double[CHANGES];
        for (int i = -WARM_UP_CHANGES; i < CHANGES; i++) {
            int host = Math.floorMod(i * 7919, INGRESSES);
            try (KeepAliveClient client =
                    new KeepAliveClient(gateway.port, "app-" + host + ".example.com", "/api/0/s", "X-Version: ")) {
                client.await("v1");
                api.pointTo(host, "v2");
                long answered = System.nanoTime();
                client.await("v2");
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - answered) / 1e6;
                }
                api.pointTo(host, "v1");
                client.await("v1");
            }
        }
        Arrays.sort(millis);
        row(
                out,
                "Ingress change with %,d present, the API's answer to the first request by the new rule, p50 / p99 of %d"
                        .formatted(INGRESSES, CHANGES),
                "%.1f ms / %.1f ms",
                millis[CHANGES / 2],
                millis[CHANGES * 99 / 100]);
    }

    private static void measureMemory(Gateway gateway, PrintStream out) throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), gateway.port));
            }
            Thread.sleep(10_000); // so that what was young has died
            row(
                    out,
                    "resident memory, %,d Ingresses and %,d idle connections".formatted(INGRESSES, CONNECTIONS),
                    "%d MB",
                    Machine.residentMegabytes(gateway.process.toHandle()));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    /** Our Kubernetes API with so many Ingresses, and the comparison's backend as Services v1 and v2. */
    private static final class Api implements AutoCloseable {
        private final ApiServer server;
        private final KubernetesClient client;

        Api(Path directory, int ingresses) throws Exception {
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
                    made.add(workers.submit(() ->
                            client.resource(manifest).inNamespace("default").create()));
                }
                for (Future<?> each : made) {
                    each.get();
                }
            }
        }

        void pointTo(int ingress, String service) {
            client.resource(ingress(ingress, service)).inNamespace("default").update();
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }

        private static String ingress(int number, String service) {
            StringBuilder paths = new StringBuilder();
            for (int i = 0; i < PATHS; i++) {
                paths.append(PATH.formatted(i, service));
            }
            return INGRESS.formatted(number, number) + paths;
        }

        @SuppressWarnings("InlineFormatString") // a manifest is easier to read by itself
        private static final String INGRESS = """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: app-%d, namespace: default}
                spec:
                  ingressClassName: nginx
                  rules:
                    - host: app-%d.example.com
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
                apiVersion: v1
                kind: Namespace
                metadata: {name: default}
                ---
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

    /** A {@code linnet gateway} that follows one of them. */
    private static final class Gateway implements AutoCloseable {
        private final Process process;
        private final int port;
        private final double readySeconds;

        Gateway(Api api) throws Exception {
            this.port = freePort();
            int metrics = freePort();
            long begin = System.nanoTime();
            process = new ProcessBuilder(
                            "./linnet",
                            "gateway",
                            "--kubeconfig",
                            api.server.kubeconfig().toString(),
                            "--http",
                            "127.0.0.1:" + port,
                            "--metrics",
                            "127.0.0.1:" + metrics,
                            "--update-status=false",
                            "--access-log=off")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (!isReady(metrics)) {
                if (!process.isAlive() || System.nanoTime() - begin > 60_000_000_000L) {
                    throw new IOException("the gateway did not become ready within a minute");
                }
                Thread.sleep(10);
            }
            this.readySeconds = (System.nanoTime() - begin) / 1e9;
        }

        private static boolean isReady(int metrics) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), metrics)) {
                socket.getOutputStream()
                        .write(("GET /readyz HTTP/1.0\r\nHost: 127.0.0.1:" + metrics + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).endsWith("200");
            } catch (IOException _) {
                return false; // not yet
            }
        }

        private static int freePort() throws IOException {
            try (var probe = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            }
        }

        @Override
        public void close() {
            Commands.stop(process);
        }
    }
}
