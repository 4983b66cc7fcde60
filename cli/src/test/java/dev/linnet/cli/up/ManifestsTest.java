package dev.linnet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.cli.UserError;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ManifestsTest {
    private static final ConfigMap MAP = new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("kept")
            .endMetadata()
            .build();

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @SuppressWarnings("NullAway.Init")
    private HttpServer api;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(threads);
        api.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + api.getAddress().getPort())
                        .withRequestTimeout(300)
                        .build())
                .build();
    }

    @AfterEach
    void end() {
        end.countDown();
        client.close();
        api.stop(0);
        threads.close();
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void saysAgainWhatHadNoAnswerInTime() {
        api.createContext("/", exchange -> {
            if (calls.incrementAndGet() == 1) {
                awaitEnd();
            }
            answer(exchange, 200, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"kept\"}}");
        });

        assertThat(new Manifests(client).apply(List.of(MAP), "own.yaml")).isEqualTo(1);
        assertThat(calls).hasValue(2);
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsWhatWasRefused() {
        api.createContext(
                "/",
                exchange ->
                        answer(exchange, 422, "{\"kind\":\"Status\",\"code\":422,\"message\":\"kept is invalid\"}"));

        assertThatThrownBy(() -> new Manifests(client).apply(List.of(MAP), "own.yaml"))
                .isInstanceOf(UserError.class)
                .hasMessage("own.yaml: ConfigMap kept was refused: kept is invalid");
    }
}
