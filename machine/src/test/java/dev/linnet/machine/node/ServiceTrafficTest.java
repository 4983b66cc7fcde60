package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static dev.linnet.machine.node.Pods.get;
import static dev.linnet.machine.node.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to Services of real Pods. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ServiceTrafficTest {
    @AutoClose
    private final LocalCluster cluster;

    ServiceTrafficTest(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
    }

    @Test
    void carriesRequestsToServicesAndShowsTheCallersPod() throws Exception {
        cluster.namespace("service");
        cluster.create(Deployment.class, deployment("service", 3));
        cluster.create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: service}
                spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 8000, targetPort: http}]}
                """);
        Service service =
                cluster.client.services().inNamespace("service").withName("web").require();
        String url = "http://" + service.getSpec().getClusterIP() + ":8000/";

        eventually()
                .until(() -> IntStream.range(0, 12)
                                .mapToObj(_ -> tryToGet(url).orElse("nobody "))
                                .map(answer -> answer.substring(0, answer.indexOf(' ')))
                                .distinct()
                                .count()
                        == 3);

        int nodePort = service.getSpec().getPorts().getFirst().getNodePort();
        assertThat(get("http://127.0.0.1:" + nodePort + "/")).startsWith("web-");
        InetAddress caller = cluster.addresses.pods().take();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(caller, 0));
            socket.connect(new InetSocketAddress(service.getSpec().getClusterIP(), 8000), 1_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith(" " + caller.getHostAddress());
        }
    }

    @Test
    void losesNoRequestWhilePodsAreReplaced() throws Exception {
        cluster.namespace("rolling");
        cluster.create(Deployment.class, deployment("rolling", 2));
        cluster.create(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: rolling}, spec: {selector: {app: web}, ports: [{port: 8000, targetPort: 8080}]}}");
        String url = "http://"
                + cluster.client
                        .services()
                        .inNamespace("rolling")
                        .withName("web")
                        .require()
                        .getSpec()
                        .getClusterIP()
                + ":8000/";
        eventually().until(() -> tryToGet(url).isPresent());
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<Thread> callers = IntStream.range(0, 4)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    while (!done.get()) {
                        // A connection of its own for each request: the strictest caller.
                        (tryToGet(url).isPresent() ? served : failed).incrementAndGet();
                    }
                }))
                .toList();

        List<Pod> before = cluster.client.pods().inNamespace("rolling").list().getItems();
        cluster.client
                .apps()
                .deployments()
                .inNamespace("rolling")
                .withName("web")
                .rolling()
                .restart();
        eventually()
                .until(() -> cluster.client.pods().inNamespace("rolling").list().getItems().stream()
                        .noneMatch(pod -> before.stream()
                                .anyMatch(old -> old.getMetadata()
                                        .getUid()
                                        .equals(pod.getMetadata().getUid()))));
        done.set(true);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(served.get()).isGreaterThan(20);
        assertThat(failed.get()).isZero();
    }

    private static String deployment(String namespace, int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: %s}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                      - name: app
                        image: echo
                        ports: [{name: http, containerPort: 8080}]
                        readinessProbe: {httpGet: {path: /health, port: http}}
                """.formatted(namespace, replicas);
    }

    private static Optional<String> tryToGet(String url) {
        try {
            return Optional.of(get(url));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
