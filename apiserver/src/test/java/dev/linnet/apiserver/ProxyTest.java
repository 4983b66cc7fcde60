package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.apiserver.TestServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that the server carries to Pods and Services. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyTest {
    private static final String PODS = "/api/v1/namespaces/default/pods/";
    private static final String SERVICES = "/api/v1/namespaces/default/services/";
    private static final String ADDRESS = "127.77.0.9";

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private TestServer server;
    private HttpServer pod;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.ephemeral(directory);
        pod = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), 0), 0);
        pod.createContext("/", this::answer);
        pod.start();
        int port = pod.getAddress().getPort();
        pod("web", port, "", ADDRESS);
        pod("moved", 80, "\"local.linnet.dev/ports\":\"80=" + port + ",443=20443\"", ADDRESS);
        pod("host", 80, "", "127.0.0.1");
        service(
                "web",
                "{\"subsets\":[{\"addresses\":[{\"ip\":\"%s\"}],\"ports\":[{\"name\":\"http\",\"port\":%d}]}]}"
                        .formatted(ADDRESS, port));
        service("idle", "{}");
    }

    private void pod(String name, int port, String annotations, String ip) {
        server.post(PODS, """
                {"metadata":{"name":"%s","annotations":{%s}},
                 "spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":%d}]}]}}""".formatted(name, annotations, port));
        server.patch(PODS + name + "/status", "merge", "{\"status\":{\"podIP\":\"" + ip + "\"}}");
    }

    private void service(String name, String endpoints) {
        server.post(SERVICES, """
                {"metadata":{"name":"%s"},"spec":{"selector":{"app":"web"},
                 "ports":[{"name":"http","port":80},{"name":"other","port":81}]}}""".formatted(name));
        server.post(
                "/api/v1/namespaces/default/endpoints",
                endpoints.equals("{}")
                        ? "{\"metadata\":{\"name\":\"" + name + "\"}}"
                        : endpoints.replaceFirst("\\{", "{\"metadata\":{\"name\":\"" + name + "\"},"));
    }

    @AfterAll
    void stop() {
        pod.stop(0);
        server.close();
    }

    @BeforeEach
    void forget() {
        asked.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body + "|"
                + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] answer = "{\"kind\":\"tea\"}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(418, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @ParameterizedTest
    @CsvSource({
        "pods/web/proxy/a%20b/c/?q=1&r=%2F, /a%20b/c/?q=1&r=%2F",
        "pods/web/proxy, /",
        "pods/web/proxy/, /",
        "pods/moved/proxy/x, /x",
        "pods/http:moved:80/proxy/x, /x",
        "services/web:http/proxy/x, /x",
        "services/web:80/proxy/x, /x",
        "services/http:web:http/proxy/x, /x",
    })
    void carriesARequestAndBringsTheAnswerBackAsItIs(String path, String expected) {
        Answer answer = server.get("/api/v1/namespaces/default/" + path);

        assertThat(answer.code()).isEqualTo(418);
        assertThat(answer.text("/kind")).isEqualTo("tea");
        assertThat(answer.response().headers().firstValue("Location")).contains("/elsewhere");
        assertThat(asked).containsExactly("GET " + expected + " |null");
    }

    @ParameterizedTest
    @CsvSource({"POST, 418", "PUT, 418", "PATCH, 418", "DELETE, 418"})
    void carriesEachVerbWithItsBody(String method, int code) {
        Answer answer = server.send(server.request(SERVICES + "web:80/proxy/do")
                .header("Content-Type", "text/plain")
                .method(method, HttpRequest.BodyPublishers.ofString("words"))
                .build());

        assertThat(answer.code()).isEqualTo(code);
        assertThat(asked).containsExactly(method + " /do words|null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "services/idle:80/proxy/ | 503 | no endpoints available for service \"idle:80\"",
                "services/web:other/proxy/ | 503 | no endpoints available for service \"web:other\"",
                "services/web:82/proxy/ | 503 | no service port 82 found for service \"web\"",
                "services/none/proxy/ | 404 | services \"none\" not found",
                "pods/none/proxy/ | 404 | pods \"none\" not found",
                "pods/ftp:web:80/proxy/ | 400 | invalid pod request \"ftp:web:80\"",
                "services/https:web:443/proxy/ | 400 | https:web:443: https is not carried here (expected: http)",
                "pods/host/proxy/ | 400 | address not allowed",
                "services/kubernetes:https/proxy/ | 400 | address not allowed",
            })
    void saysWhyItCannot(String path, int code, String message) {
        Answer answer = server.get("/api/v1/namespaces/default/" + path);

        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.message()).isEqualTo(message);
        assertThat(asked).isEmpty();
    }

    @Test
    void tellsAPodThatDoesNotAnswerFromOneThatIsNotThere() throws IOException {
        int port;
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, InetAddress.ofLiteral("127.77.0.10"))) {
            port = taken.getLocalPort();
        }
        pod("gone", port, "", "127.77.0.10");

        Answer answer = server.get(PODS + "gone/proxy/");

        assertThat(answer.code()).isEqualTo(503);
        assertThat(answer.message()).startsWith("error trying to reach service: 127.77.0.10:" + port);
    }

    @Test
    void wantsTheRightToIt() {
        server.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", """
                {"metadata":{"name":"proxier"},"rules":[{"apiGroups":[""],"resources":["services/proxy"],
                 "resourceNames":["web:80"],"verbs":["get"]}]}""");
        server.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", """
                {"metadata":{"name":"proxier"},"subjects":[{"kind":"User","name":"ann","apiGroup":"rbac.authorization.k8s.io"}],
                 "roleRef":{"kind":"Role","name":"proxier","apiGroup":"rbac.authorization.k8s.io"}}""");
        TestServer ann = server.as("ann");

        assertThat(ann.get(SERVICES + "web:80/proxy/").code()).isEqualTo(418);
        assertThat(ann.get(SERVICES + "web:http/proxy/").code()).isEqualTo(403);
        assertThat(ann.post(SERVICES + "web:80/proxy/", "{}").code()).isEqualTo(403);
        assertThat(ann.get(PODS + "web/proxy/").code()).isEqualTo(403);
    }
}
