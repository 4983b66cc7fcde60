package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SafetyTest {
    private TestServer server;
    private Path directory;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary.resolve("server");
        server = TestServer.durable(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A request whose every header is ours: the JDK's client does not let us lie about the host. */
    private String raw(String headers) throws IOException {
        return raw("/api/v1/namespaces", headers, "close");
    }

    private String raw(String path, String headers, String connection) throws IOException {
        URI uri = URI.create(server.api().url());
        try (SSLSocket socket = (SSLSocket) TestServer.trusting(server.api().caPem())
                .getSocketFactory()
                .createSocket(InetAddress.ofLiteral("127.0.0.1"), uri.getPort())) {
            socket.setSoTimeout(5_000);
            String request = "GET " + path + " HTTP/1.1\r\n" + headers + "Authorization: Bearer "
                    + server.api().adminToken() + "\r\nConnection: " + connection + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersClientsThatNameThisMachine() throws IOException {
        assertThat(raw("Host: localhost:6443\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("Host: 127.4.5.6\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("Host: kubernetes.default.svc\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesForeignHosts() throws IOException {
        assertThat(raw("Host: evil.example\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("\"kind\":\"Status\"")
                .contains("\"reason\":\"Forbidden\"");
        assertThat(raw("Host: 127.0.0.1.evil.example\r\n")).startsWith("HTTP/1.1 403");
    }

    @Test
    void refusesRequestsThatWebPagesMake() throws IOException {
        assertThat(raw("Host: localhost\r\nOrigin: https://evil.example\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("Host: localhost\r\nOrigin: http://localhost\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("Host: localhost\r\nOrigin: null\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("Host: localhost\r\nSec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
    }

    @Test
    void letsInTheWatchesOfFabric8WhichNameTheServerAsTheirOrigin() throws IOException {
        assertThat(raw("Host: localhost\r\nOrigin: https://localhost\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesWebPagesThatWantAWebSocketToo() throws IOException {
        String exec = "/api/v1/namespaces/d/pods/p/exec";
        String upgrade = "Host: localhost\r\nUpgrade: websocket\r\n";

        assertThat(raw(exec, upgrade + "Origin: https://evil.example\r\n", "Upgrade, close"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw(exec, upgrade.replace("localhost", "evil.example"), "Upgrade, close"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw(exec, upgrade, "Upgrade, close")).startsWith("HTTP/1.1 404");
    }

    @Test
    void wantsATokenForEverythingButHealthAndVersion() {
        URI uri = URI.create(server.api().url());
        TestServer.Answer anonymous = server.anonymously().get("/api");
        TestServer.Answer wrong = server.send(HttpRequest.newBuilder(uri.resolve("/api"))
                .header("Authorization", "Bearer nonsense")
                .build());
        TestServer.Answer version =
                server.send(HttpRequest.newBuilder(uri.resolve("/version")).build());

        assertThat(anonymous.code()).isEqualTo(403);
        assertThat(anonymous.message()).isEqualTo("forbidden: User \"system:anonymous\" cannot get path \"/api\"");
        assertThat(wrong.code()).isEqualTo(401);
        assertThat(version.text("/minor")).isEqualTo("33");
        assertThat(server.send(HttpRequest.newBuilder(uri.resolve("/readyz")).build())
                        .response()
                        .body())
                .isEqualTo("ok");
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        TestServer.Answer answer = server.post("/api/v1/namespaces/default/configmaps", "x".repeat((3 << 20) + 1));

        assertThat(answer.code()).isEqualTo(413);
        assertThat(answer.text("/reason")).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void answersUnknownPathsWithAStatus() {
        assertThat(server.get("/nothing/here").code()).isEqualTo(404);
        assertThat(server.get("/api/v1/namespaces/default/nothings").message())
                .isEqualTo("the server could not find the requested resource");
        assertThat(server.get("/apis/apps/v9/deployments").text("/reason")).isEqualTo("NotFound");
    }

    @Test
    void keepsSecretsFromOtherUsers() throws IOException {
        assertThat(permissions(server.api().kubeconfig())).isEqualTo("rw-------");
        assertThat(permissions(directory.resolve("store"))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory.resolve("pki"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
