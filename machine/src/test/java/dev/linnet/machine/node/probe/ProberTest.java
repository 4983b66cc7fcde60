package dev.linnet.machine.node.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.address.LowPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ProberTest {

    private static final Duration LONG = Duration.ofSeconds(5);

    private final InetAddress pod = InetAddress.ofLiteral("127.0.0.2");
    private final Prober prober = new Prober(InetAddress.ofLiteral("127.0.0.3"));
    private final BlockingQueue<String> requests = new ArrayBlockingQueue<>(10);
    private final ServerSocket server = open();

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void asksFromTheNodeWithTheHeadersOfTheSpec() throws InterruptedException {
        answer("HTTP/1.1 204 No Content\r\n\r\n");

        Prober.Result result = prober.ask(
                new Check.HttpGet(false, "127.0.0.2", server.getLocalPort(), "/ok?x=1", Map.of("Host", "example.com")),
                LONG);

        assertThat(result).isEqualTo(Prober.Result.OK);
        assertThat(request())
                .startsWith("127.0.0.3 GET /ok?x=1 HTTP/1.1\r\n")
                .contains("\r\nHost: example.com\r\n", "\r\nUser-Agent: kube-probe/")
                .doesNotContain("Host: 127.0.0.2");
    }

    @Test
    void takesRedirectsForHealthAndErrorsForIllness() {
        answer("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n");
        assertThat(get(LONG)).isEqualTo(Prober.Result.OK);

        answer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno");
        assertThat(get(LONG)).isEqualTo(Prober.Result.failed("HTTP probe failed with statuscode: 503"));

        answer("SSH-2.0-OpenSSH\r\n");
        assertThat(get(LONG).message()).contains("malformed HTTP status line \"SSH-2.0-OpenSSH\"");

        answer("");
        assertThat(get(LONG).message()).endsWith(": EOF");
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        server.close();
        String address = "127.0.0.2:" + server.getLocalPort();

        assertThat(get(LONG).message())
                .isEqualTo("Get \"http://" + address + "/\": dial tcp " + address + ": connect: connection refused");
        assertThat(prober.ask(new Check.TcpConnect("127.0.0.2", server.getLocalPort()), LONG))
                .isEqualTo(Prober.Result.failed("dial tcp " + address + ": connect: connection refused"));
    }

    @Test
    void doesNotWaitLongerThanTheTimeout() {
        // Accepted by the kernel, answered by nobody.
        assertThat(get(Duration.ofMillis(50)).message())
                .endsWith("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        assertThat(prober.ask(new Check.TcpConnect("127.0.0.2", server.getLocalPort()), LONG))
                .isEqualTo(Prober.Result.OK);
    }

    @Test
    void readsProbesAsTheSpecMeansThem() {
        assertThat(check("{httpGet: {port: http, path: health, scheme: HTTPS}}"))
                .isEqualTo(new Check.HttpGet(true, "127.0.0.2", 20080, "/health", Map.of()));
        assertThat(check("{httpGet: {port: 8080, host: 127.0.0.9}}"))
                .isEqualTo(new Check.HttpGet(false, "127.0.0.9", 8080, "/", Map.of()));
        assertThat(check("{tcpSocket: {port: http}}")).isEqualTo(new Check.TcpConnect("127.0.0.2", 20080));
        assertThat(check("{grpc: {port: 9999}}")).isEqualTo(new Check.Grpc("127.0.0.2", 9999, ""));
        assertThat(check("{exec: {command: [ls]}}")).isInstanceOf(Check.Unsupported.class);
        assertThat(check("{httpGet: {port: nope}}"))
                .isEqualTo(new Check.Broken("couldn't find port: nope in container app"));
    }

    private static Check check(String yaml) {
        Container container =
                Serialization.unmarshal("name: app\nports: [{name: http, containerPort: 80}]", Container.class);
        Probe probe = Serialization.unmarshal("---\n" + yaml, Probe.class);
        Check.Target target = new Check.Target(container, "127.0.0.2", new LowPorts(1024), Optional.empty());
        return Check.of(probe.getHttpGet(), probe.getTcpSocket(), probe.getGrpc(), probe.getExec(), target);
    }

    private Prober.Result get(Duration timeout) {
        return prober.ask(new Check.HttpGet(false, "127.0.0.2", server.getLocalPort(), "/", Map.of()), timeout);
    }

    private String request() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(5, TimeUnit.SECONDS));
    }

    private ServerSocket open() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(pod, 0));
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers the next connection, once its request has come. */
    private void answer(String response) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                byte[] bytes = new byte[4_096];
                int length = socket.getInputStream().read(bytes);
                requests.add(socket.getInetAddress().getHostAddress() + " "
                        + new String(bytes, 0, Math.max(0, length), US_ASCII));
                socket.getOutputStream().write(response.getBytes(US_ASCII));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
