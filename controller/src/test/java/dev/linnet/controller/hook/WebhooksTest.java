package dev.linnet.controller.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.linnet.controller.fetch.Recorder;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks whose receiver has a certificate that nobody vouches for, and for another name. */
final class WebhooksTest {
    private static final String PASSWORD = "changeit";
    private static final Webhooks.Payload PAYLOAD =
            new Webhooks.Payload(new Names("podinfo", "test", "podinfo", "podinfo"), Phase.PROGRESSING, "1", Map.of());

    private final List<String> called = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private HttpsServer server;

    @BeforeEach
    void startsTheReceiver(@TempDir Path folder) throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys"))));
        server.createContext("/", exchange -> {
            called.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopsTheReceiver() {
        server.stop(0);
    }

    @Test
    void callsAReceiverThatNobodyVouchesForOnlyWhereItsCertificateIsNotToBeChecked() throws Exception {
        try (Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of())) {
            HookResult checked = webhooks.call(hook(false), PAYLOAD);
            assertThat(checked.agreed()).isFalse();
            assertThat(checked.text()).contains("PKIX path building failed");
            assertThat(called).isEmpty();

            assertThat(webhooks.call(hook(true), PAYLOAD).agreed()).isTrue();
            assertThat(called).containsExactly("/gate");
        }
    }

    @Test
    void usesNoProxyWhereTheCertificateIsNotToBeChecked() throws Exception {
        HttpClient.Builder proxied = HttpClient.newBuilder()
                .proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort())));
        try (Webhooks webhooks = new Webhooks(proxied, _ -> Map.of())) {
            assertThat(webhooks.call(hook(false), PAYLOAD).agreed()).isFalse();
            assertThat(webhooks.call(hook(true), PAYLOAD).agreed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 501})
    @Timeout(10)
    void givesAReceiverUpThatDoesNotEndItsAnswerInTime(int status) throws Exception {
        try (Recorder receiver = Recorder.start(Recorder.halfway(status, "--"));
                Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of())) {
            HookResult result =
                    webhooks.call(hook(new Hook.Call(receiver.address(), Duration.ofMillis(300), 0, false)), PAYLOAD);

            assertThat(result.agreed()).isFalse();
            assertThat(result.text()).endsWith(": no answer within 300 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 501})
    void showsHowALongRefusalBeginsAndDoesNotAskAgain(int status) throws Exception {
        try (Recorder receiver = Recorder.answering(status, "€".repeat(1 << 20));
                Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of())) {
            HookResult result =
                    webhooks.call(hook(new Hook.Call(receiver.address(), Duration.ofSeconds(10), 1, false)), PAYLOAD);

            assertThat(result.agreed()).isFalse();
            assertThat(result.text()).isEqualTo("€".repeat(1_000) + "…");
            assertThat(receiver.asked()).hasSize(1);
        }
    }

    @Test
    void sendsWhatFlaggerSendsAndTheAccountThatAnUrlNames() throws Exception {
        try (Recorder receiver = Recorder.answering(202, "");
                Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of())) {
            String url = receiver.address().replace("://", "://ann:s3cret@") + "/gate?key=k3y";

            assertThat(webhooks.call(hook(new Hook.Call(url, Duration.ofSeconds(10), 0, false)), PAYLOAD)
                            .agreed())
                    .isTrue();

            Recorder.Asked asked = receiver.last();
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.url().toString()).isEqualTo("/gate?key=k3y");
            assertThat(asked.header("Authorization")).isEqualTo("Basic YW5uOnMzY3JldA==");
            assertThat(asked.header("Content-Type")).isEqualTo("application/json");
            assertThat(asked.headers()).doesNotContainKeys("Upgrade", "Http2-settings");
            assertThat(asked.body())
                    .isEqualTo(
                            "{\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Progressing\",\"checksum\":\"1\"}");
        }
    }

    @Test
    void showsNothingOfAnUrlThatMayBeASecret() throws Exception {
        try (Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of())) {
            String url = "http://ann:s3cret@127.0.0.1:" + closedPort() + "/gate?key=k3y";
            assertThat(webhooks.call(hook(new Hook.Call(url, Duration.ofSeconds(10), 0, false)), PAYLOAD)
                            .text())
                    .contains("/gate: ")
                    .doesNotContain("s3cret", "k3y");
            assertThat(webhooks.call(
                                    hook(new Hook.Call("ftp://ann:s3cret@x/", Duration.ofSeconds(10), 0, false)),
                                    PAYLOAD)
                            .text())
                    .isEqualTo("url is ftp://x/ (expected: http://… or https://…)");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, '', 1", "1, '', 2", "7, '', 30", "0, 7, 7", "0, 600, 30", "1, soon, 2"})
    void waitsBetweenAttemptsAsLongAsABusyReceiverAsks(int retry, String retryAfter, int seconds) {
        assertThat(Webhooks.pause(retry, Optional.of(retryAfter))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void asksABusyReceiverAgainAtOnceIfItSaysSo() throws Exception {
        try (Recorder receiver = Recorder.answering(200, "");
                Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of())) {
            receiver.answer(exchange -> {
                exchange.getResponseHeaders().set("Retry-After", "0");
                Recorder.fixed(receiver.asked().size() < 5 ? 503 : 200, "busy").answer(exchange);
            });

            HookResult result =
                    webhooks.call(hook(new Hook.Call(receiver.address(), Duration.ofSeconds(10), 4, false)), PAYLOAD);

            assertThat(result.agreed()).isTrue();
            assertThat(receiver.asked()).hasSize(5);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }

    private Hook hook(boolean insecure) {
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/gate";
        return hook(new Hook.Call(url, Duration.ofSeconds(10), 0, insecure));
    }

    private static Hook hook(Hook.Call call) {
        return new Hook(HookType.ROLLOUT, "gate", call, false, Map.of());
    }

    private static SSLContext selfSigned(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=elsewhere.example.com",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
