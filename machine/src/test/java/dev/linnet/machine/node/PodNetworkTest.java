package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.Image;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Pods see of each other: names lead to Services, and whoever is called sees which Pod calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PodNetworkTest {
    private LocalCluster cluster;
    private String caller;
    private Image.Context context;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
        cluster.namespace("net");
        cluster.namespace("far");
        pod("net", "caller");
        pod("far", "callee");
        cluster.create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: far}
                spec: {type: NodePort, selector: {app: callee}, ports: [{port: 80, targetPort: http}]}
                """);
        caller = cluster.readyPod("net", "caller").getStatus().getPodIP();
        cluster.readyPod("far", "callee");
        context = cluster.echo.context("caller/app");
        eventually().until(() -> get(context.http().get(), "http://web.far/").statusCode() == 200);
    }

    private void pod(String namespace, String name) {
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: %s}}
                spec: {containers: [{name: app, image: echo, ports: [{name: http, containerPort: 8080}]}]}
                """.formatted(name, namespace, name));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void aServiceSeesWhichBuiltInPodCalls() throws Exception {
        assertThat(get(context.http().get(), "http://web.far.svc.cluster.local/")
                        .body())
                .isEqualTo("callee " + caller);
    }

    @Test
    void aServiceSeesWhichCommandCallsThroughItsProxy() throws Exception {
        try (HttpClient command = asCommandsDo(context.env())) {
            assertThat(get(command, "http://web.far/").body()).isEqualTo("callee " + caller);
        }
    }

    @Test
    void aServiceSeesWhoCallsItsNodePort() throws Exception {
        int nodePort = cluster.client
                .services()
                .inNamespace("far")
                .withName("web")
                .require()
                .getSpec()
                .getPorts()
                .getFirst()
                .getNodePort();

        try (HttpClient command = asCommandsDo(context.env())) {
            for (String node : new String[] {cluster.addresses.node(1).getHostAddress(), "127.0.0.1"}) {
                assertThat(get(command, "http://" + node + ":" + nodePort + "/").body())
                        .isEqualTo("callee " + caller);
            }
        }
    }

    @Test
    void aGatewaySeesWhichPodAsksForAHostOfAnIngress() throws Exception {
        String gateway = cluster.pod("far", "callee").getStatus().getPodIP();
        Ingress ingress = cluster.create(Ingress.class, """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: app, namespace: far}
                spec: {rules: [{host: app.example.com}], defaultBackend: {service: {name: web, port: {number: 80}}}}
                """);
        cluster.client.resource(ingress).editStatus(present -> {
            present.setStatus(cluster.client
                    .getKubernetesSerialization()
                    .unmarshal(
                            "---\n{status: {loadBalancer: {ingress: [{ip: " + gateway
                                    + ", ports: [{port: 8080, protocol: TCP}]}]}}}",
                            Ingress.class)
                    .getStatus());
            return present;
        });

        eventually()
                .untilAsserted(() -> assertThat(get(context.http().get(), "http://app.example.com/")
                                .body())
                        .isEqualTo("callee " + caller));
    }

    @Test
    void aPodIsToldWhatItCannotReach() throws Exception {
        HttpResponse<String> response = get(context.http().get(), "http://web/");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).startsWith("web is neither a Service, seen from namespace net,");
    }

    @Test
    void aServiceThatNobodyServesRefusesAtOnce() throws Exception {
        cluster.create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: nobody, namespace: net}
                spec: {selector: {app: nobody}, ports: [{port: 80}]}
                """);

        eventually().untilAsserted(() -> {
            HttpResponse<String> response = get(context.http().get(), "http://nobody/");
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.body())
                    .startsWith("Service net/nobody does not answer at 127.")
                    .endsWith(": Connection refused\n");
        });
    }

    @Test
    void theProxyEndsWithItsPod() throws Exception {
        pod("net", "mortal");
        cluster.readyPod("net", "mortal");
        InetSocketAddress proxy = proxyOf(cluster.echo.context("mortal/app").env());
        assertThat(listens(proxy)).isTrue();

        cluster.client
                .pods()
                .inNamespace("net")
                .withName("mortal")
                .withGracePeriod(0)
                .delete();

        eventually().until(() -> !listens(proxy));
    }

    private static boolean listens(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpClient asCommandsDo(Map<String, String> env) {
        return HttpClient.newBuilder().proxy(ProxySelector.of(proxyOf(env))).build();
    }

    private static InetSocketAddress proxyOf(Map<String, String> env) {
        URI proxy = URI.create(env.getOrDefault("http_proxy", ""));
        assertThat(env)
                .containsEntry("HTTP_PROXY", proxy.toString())
                .containsEntry("no_proxy", "localhost,127.0.0.1,::1");
        return new InetSocketAddress(InetAddress.ofLiteral(proxy.getHost()), proxy.getPort());
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
    }
}
