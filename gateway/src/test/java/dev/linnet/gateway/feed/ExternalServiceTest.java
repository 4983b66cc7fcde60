package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.linnet.gateway.Gateway;
import dev.linnet.gateway.GatewaySettings;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceBackendPort;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceBackendPortBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From manifests in an API to requests over sockets: SB-1 to SB-11 of the spec's §8.4. Names are looked up in this test only. */
final class ExternalServiceTest {
    private static final String HOST = "shop.example.com";

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    @AutoClose
    private final Gateway gateway;

    @AutoClose
    private final Feed feed;

    private final HttpServer echo = answering("echo");
    private final HttpServer other = answering("other");
    private final Map<String, List<String>> names = new ConcurrentHashMap<>();

    ExternalServiceTest(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        gateway = Gateway.start(GatewaySettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withLoops(1));
        feed = new Feed(
                client,
                FeedSettings.of(ClassSettings.DEFAULT),
                gateway.routes(),
                Informers.LONGEST_SILENCE,
                this::addresses,
                Duration.ofMillis(20));
    }

    @AfterEach
    void stop() {
        echo.stop(0);
        other.stop(0);
    }

    private List<String> addresses(String name) throws UnknownHostException {
        List<String> found = names.get(name);
        if (found == null) {
            throw new UnknownHostException(name);
        }
        return found;
    }

    private static HttpServer answering(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                String host = exchange.getRequestHeaders().getFirst("X-Forwarded-Host");
                byte[] body = (name + " for " + host).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Service external(String name, String host, int port) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(Shop.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withType("ExternalName")
                .withExternalName(host)
                .addNewPort()
                .withPort(80)
                .withNewTargetPort(port)
                .endPort()
                .endSpec()
                .build();
    }

    private String ask() {
        try (Socket socket = new Socket()) {
            socket.connect(gateway.httpAddress());
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String status = answer.substring(9, 12);
            return status.equals("200") ? answer.substring(answer.indexOf("\r\n\r\n") + 4) : status;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void start() {
        feed.start();
        eventually(feed::synced);
    }

    private static void eventually(Supplier<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(condition::get);
    }

    @Test
    void sb1And2AnswerUnavailableWhereThereIsNobody() {
        cluster.create(Shop.ingress("web", HOST, "web"));
        start();
        assertThat(ask()).isEqualTo("503");

        cluster.create(Shop.service("web"));
        assertThat(ask()).isEqualTo("503");
    }

    @Test
    void sb4ServesAShortNameFromTheFirstRequestOn() {
        names.put("echo", List.of("127.0.0.1"));
        cluster.create(external("web", "echo", echo.getAddress().getPort()));
        cluster.create(Shop.ingress("web", HOST, "web"));

        start();

        assertThat(ask()).isEqualTo("echo for " + HOST);
    }

    @Test
    void sb5GoesToThePortOfTheIngressWhereTheServiceHasNone() {
        names.put("echo.example.com", List.of("127.0.0.1"));
        Service service = external("web", "echo.example.com", 1);
        service.getSpec().setPorts(List.of());
        cluster.create(service);

        cluster.create(toPort(port(null, echo.getAddress().getPort())));
        start();

        assertThat(ask()).isEqualTo("echo for " + HOST);
    }

    @Test
    void sb6GoesToThePortOfTheService() {
        names.put("echo.example.com", List.of("127.0.0.1"));
        int port = echo.getAddress().getPort();
        cluster.create(external("web", "echo.example.com", port));

        cluster.create(toPort(port(null, port)));
        start();

        assertThat(ask()).isEqualTo("echo for " + HOST);
    }

    @Test
    void sb7GoesToAPortByItsName() {
        names.put("echo.example.com", List.of("127.0.0.1"));
        Service service = external("web", "echo.example.com", echo.getAddress().getPort());
        service.getSpec().getPorts().getFirst().setName("http");
        cluster.create(service);

        cluster.create(toPort(port("http", null)));
        start();

        assertThat(ask()).isEqualTo("echo for " + HOST);
    }

    @Test
    void sb8ServesANameThatEndsInADot() {
        names.put("echo.example.com", List.of("127.0.0.1"));
        names.put("echo.example.com.", List.of("127.0.0.1"));
        cluster.create(external("web", "echo.example.com.", echo.getAddress().getPort()));
        cluster.create(Shop.ingress("web", HOST, "web"));

        start();

        assertThat(ask()).isEqualTo("echo for " + HOST);
    }

    private static ServiceBackendPort port(@Nullable String name, @Nullable Integer number) {
        return new ServiceBackendPortBuilder().withName(name).withNumber(number).build();
    }

    private static Ingress toPort(ServiceBackendPort port) {
        Ingress ingress = Shop.ingress("web", HOST, "web");
        ingress.getSpec()
                .getRules()
                .getFirst()
                .getHttp()
                .getPaths()
                .getFirst()
                .getBackend()
                .getService()
                .setPort(port);
        return ingress;
    }

    @Test
    void sb9AnswersUnavailableForANameThatNobodyKnowsOrThatIsNone() {
        cluster.create(external("web", "nobody.example.com", 80));
        cluster.create(Shop.ingress("web", HOST, "web"));
        start();
        assertThat(ask()).isEqualTo("503");

        cluster.put(external("web", "localhost", echo.getAddress().getPort()));
        ObjectRef web = new ObjectRef("Service", Shop.NAMESPACE, "web");
        eventually(() -> feed.followed(web).isPresent());
        assertThat(feed.followed(web).orElseThrow().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("the gateway itself"));
        assertThat(ask()).isEqualTo("503");
    }

    @Test
    void sb10FollowsTheServiceToAnotherName() {
        names.put("echo.example.com", List.of("127.0.0.1"));
        names.put("other.example.com", List.of("127.0.0.1"));
        cluster.create(external("web", "echo.example.com", echo.getAddress().getPort()));
        cluster.create(Shop.ingress("web", HOST, "web"));
        start();
        assertThat(ask()).isEqualTo("echo for " + HOST);

        cluster.put(external("web", "other.example.com", other.getAddress().getPort()));

        eventually(() -> ask().equals("other for " + HOST));
    }

    @Test
    void sb11FollowsTheServiceComingAndGoing() {
        names.put("echo.example.com", List.of("127.0.0.1"));
        cluster.create(Shop.ingress("web", HOST, "web"));
        start();
        assertThat(ask()).isEqualTo("503");

        cluster.create(external("web", "echo.example.com", echo.getAddress().getPort()));
        eventually(() -> ask().equals("echo for " + HOST));
        cluster.delete(external("web", "echo.example.com", echo.getAddress().getPort()));
        eventually(() -> ask().equals("503"));
    }

    @Test
    void followsTheNameToOtherAddresses() {
        names.put("echo.example.com", List.of("192.0.2.7"));
        cluster.create(external("web", "echo.example.com", 80));
        cluster.create(Shop.ingress("web", HOST, "web"));
        start();

        names.put("echo.example.com", List.of("192.0.2.9", "192.0.2.8"));

        ServiceRef ref = new ServiceRef(Shop.NAMESPACE, "web", "80");
        eventually(() -> gateway.routes().endpointsOf(ref).toString().equals("[192.0.2.8:80, 192.0.2.9:80]"));
        names.remove("echo.example.com");
        eventually(() -> gateway.routes().endpointsOf(ref).isEmpty());
    }

    @Test
    void obeysOthersWhileANameIsNotAnswered() throws UnknownHostException {
        CountDownLatch never = new CountDownLatch(1);
        try (Feed patient = new Feed(
                client,
                FeedSettings.of(ClassSettings.DEFAULT),
                gateway.routes(),
                Informers.LONGEST_SILENCE,
                _ -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new UnknownHostException();
                    }
                    return List.of();
                },
                Duration.ofMillis(20))) {
            cluster.create(external("web", "slow.example.com", 80));
            cluster.create(Shop.ingress("web", HOST, "web"));
            patient.start();
            eventually(patient::synced);
            assertThat(ask()).isEqualTo("503");

            cluster.create(Shop.ingress("more", "more.example.com", "web"));

            eventually(() -> gateway.routes().table().rules().size() == 2);
            never.countDown();
        }
    }

    @Test
    void takesIpv4AddressesAndIpv6OnlyIfThereAreNone() throws UnknownHostException {
        InetAddress four = InetAddress.getByName("192.0.2.1");
        InetAddress six = InetAddress.getByName("2001:db8::1");

        assertThat(ExternalNames.preferred(new InetAddress[] {six, four})).containsExactly("192.0.2.1");
        assertThat(ExternalNames.preferred(new InetAddress[] {six})).containsExactly("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void obeysWhatAServiceSaysOfItsEndpoints() {
        Service sourceHashed = new ServiceBuilder(Shop.service("web"))
                .editMetadata()
                .addToAnnotations("linnet.dev/load-balance", "nonsense")
                .endMetadata()
                .build();
        cluster.create(sourceHashed);
        cluster.create(Shop.ingress("web", HOST, "web"));
        start();

        ObjectRef web = new ObjectRef("Service", Shop.NAMESPACE, "web");
        assertThat(feed.followed(web).orElseThrow().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("one of rr, wrr"));
    }
}
