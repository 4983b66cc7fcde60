package dev.linnet.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Samples that call others. */
@Timeout(30)
class MeshTest {

    private record Asked(String method, String target, String body, HttpExchange exchange) {
        String header(String name) {
            return String.valueOf(exchange.getRequestHeaders().getFirst(name));
        }
    }

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer other;

    @BeforeEach
    void start() throws IOException {
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    exchange));
            boolean fails = exchange.getRequestURI().getPath().equals("/fail");
            byte[] answer = "backend v2\n".getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("X-Kept", "yes");
            exchange.sendResponseHeaders(fails ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        other.start();
    }

    @AfterEach
    void stop() {
        other.stop(0);
        client.close();
    }

    private String url() {
        return "http://127.0.0.1:" + other.getAddress().getPort();
    }

    private Asked asked() throws InterruptedException {
        Asked first = asked.poll(10, TimeUnit.SECONDS);
        assertThat(first).isNotNull();
        return first;
    }

    @Test
    void theBackendTellsItsVersionAtEveryPath() throws Exception {
        try (Container backend = Container.of("backend").tag("v2").start()) {
            assertThat(backend.get(80, "/").body()).isEqualTo("backend v2\n");
            assertThat(backend.get(80, "/api/x?y=z").body()).isEqualTo("backend v2\n");
        }
    }

    @Test
    void theFrontendPassesTheBackendsAnswerOnAndSaysWhoItIs() throws Exception {
        try (Container frontend = Container.of("frontend")
                .tag("v1")
                .env("BACKEND", url())
                .calling(client)
                .start()) {
            HttpResponse<String> answer =
                    frontend.call(80, "POST", "/a?b=c%20d", "text", "baggage", "linnet-release=x:canary");

            assertThat(answer.body()).isEqualTo("backend v2\n");
            assertThat(answer.headers().firstValue("x-frontend")).contains("v1");
            assertThat(answer.headers().firstValue("X-Kept")).contains("yes");
            Asked seen = asked();
            assertThat(seen.method() + " " + seen.target() + " " + seen.body()).isEqualTo("POST /a?b=c%20d text");
            assertThat(seen.header("baggage")).isEqualTo("linnet-release=x:canary");
            assertThat(seen.header("Host")).isEqualTo(url().substring("http://".length()));
        }
    }

    @Test
    void theFrontendPassesFailuresOn() throws Exception {
        try (Container frontend =
                Container.of("frontend").env("BACKEND", url()).calling(client).start()) {
            assertThat(frontend.get(80, "/fail").statusCode()).isEqualTo(503);

            other.stop(0);

            HttpResponse<String> answer = frontend.get(80, "/");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).startsWith("the backend gave no answer: ");
            assertThat(frontend.get(80, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theFrontendSaysWhatItsBackendMustBe() {
        assertThatThrownBy(
                        () -> Container.of("frontend").env("BACKEND", "backend").start())
                .hasMessage("BACKEND is backend (expected: http://host or http://host:port)");
    }

    @Test
    void podinfoEchoesThroughItsBackends() throws Exception {
        try (Container podinfo = Container.of("podinfo")
                .command("./podinfo", "--backend-url=" + url() + "/one," + url() + "/fail")
                .calling(client)
                .start()) {
            HttpResponse<String> answer = podinfo.call(9898, "POST", "/echo", "hello", "traceparent", "00-1-2-01");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"backend v2\\n\"")
                    .contains("\"backend " + url() + "/fail response status code 503\"");
            Asked seen = asked();
            assertThat(seen.method() + " " + seen.target() + " " + seen.body()).isEqualTo("POST /one hello");
            assertThat(seen.header("traceparent")).isEqualTo("00-1-2-01");
        }
    }
}
