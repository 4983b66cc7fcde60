package dev.linnet.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodinfoTest {
    private static final int HTTP = 9898;
    private static final int METRICS = 9797;

    @Test
    void tellsWhoItIsInTheVersionOfItsTag() throws Exception {
        try (Container podinfo = podinfo().tag("3.1.1").start()) {
            HttpResponse<String> answer = podinfo.get(HTTP, "/");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(answer.body())
                    .startsWith("{\n  \"hostname\": \"pod-1\",\n  \"version\": \"3.1.1\",\n  \"revision\": ")
                    .endsWith("\"\n}");
            JsonNode info = json(answer);
            assertThat(info.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "hostname",
                            "version",
                            "revision",
                            "color",
                            "logo",
                            "message",
                            "goos",
                            "goarch",
                            "runtime",
                            "num_goroutine",
                            "num_cpu");
            assertThat(info.path("message").asText()).isEqualTo("greetings from podinfo v3.1.1");
            assertThat(info.path("color").asText()).isEqualTo("#34577c");
            assertThat(podinfo.get(HTTP, "/api/info").body()).isEqualTo(answer.body());
            assertThat(podinfo.get(HTTP, "/version").body())
                    .isEqualTo("{\n  \"commit\": \"unknown\",\n  \"version\": \"3.1.1\"\n}");
        }
    }

    @Test
    void takesColorAndMessageFromItsEnvironment() throws Exception {
        try (Container podinfo = podinfo()
                .env("PODINFO_UI_COLOR", "#00ff00")
                .env("PODINFO_UI_MESSAGE", "hi")
                .env("PODINFO_UI_LOGO", "none")
                .start()) {
            JsonNode info = json(podinfo.get(HTTP, "/"));

            assertThat(info.path("color").asText()).isEqualTo("#00ff00");
            assertThat(info.path("message").asText()).isEqualTo("hi");
            assertThat(info.path("logo").asText()).isEqualTo("none");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            User-Agent | Mozilla/5.0 (X11; Linux x86_64)
            Accept     | text/html,application/xhtml+xml
            """)
    void showsAPageToABrowser(String header, String value) throws Exception {
        try (Container podinfo =
                podinfo().tag("3.1.1").env("PODINFO_UI_MESSAGE", "<script>").start()) {
            HttpResponse<String> page = podinfo.get(HTTP, "/", header, value);

            assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(page.body())
                    .contains("podinfo 3.1.1", "pod-1", "&lt;script&gt;")
                    .doesNotContain("{{", "<script>\"", "src=", "http://", "https://");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET  | /healthz          | 200 | {"status":"OK"}
            GET  | /readyz           | 200 | {"status":"OK"}
            GET  | /status/418       | 418 | {"status":418}
            POST | /status/500       | 500 | {"status":500}
            GET  | /status/999       | 400 | {"code":400,"message":"status is 999 (expected: 200 to 599)"}
            GET  | /delay/0          | 200 | {"delay":0}
            GET  | /delay/x          | 400 | {"code":400,"message":"delay is x (expected: 0 to 3600 seconds)"}
            GET  | /chunked/0        | 200 | {"delay":0}
            GET  | /configs          | 200 | {}
            GET  | /cache/key        | 400 | {"code":400,"message":"cache server is offline"}
            GET  | /store/nothing    | 500 | {"code":500,"message":"reading file failed"}
            GET  | /token/validate   | 401 | {"code":401,"message":"authorization bearer header required"}
            """)
    void answersAsPodinfoDoes(String method, String path, int status, String body) throws Exception {
        try (Container podinfo = podinfo().start()) {
            HttpResponse<String> answer = podinfo.call(HTTP, method, path, "");

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(json(answer)).isEqualTo(new JsonMapper().readTree(body));
        }
    }

    @Test
    void refusesPathsAndMethodsThatItDoesNotHave() throws Exception {
        try (Container podinfo = podinfo().start()) {
            assertThat(podinfo.get(HTTP, "/nowhere").statusCode()).isEqualTo(404);
            assertThat(podinfo.get(HTTP, "/nowhere").body()).isEqualTo("404 page not found\n");
            assertThat(podinfo.get(HTTP, "/token").statusCode()).isEqualTo(405);
            assertThat(podinfo.call(HTTP, "DELETE", "/", "").statusCode()).isEqualTo(405);
            assertThat(podinfo.get(HTTP, "/status/204").body()).isEmpty();
        }
    }

    @Test
    void echoesBodyHeadersAndEnvironment() throws Exception {
        try (Container podinfo =
                podinfo().tag("6.0.0").env("WHO", "me").env("A", "b").start()) {
            HttpResponse<String> echo = podinfo.call(HTTP, "POST", "/echo", "hello");
            assertThat(echo.statusCode()).isEqualTo(202);
            assertThat(echo.body()).isEqualTo("hello");
            assertThat(echo.headers().firstValue("X-Color")).contains("#34577c");
            assertThat(podinfo.call(HTTP, "POST", "/api/echo/there", "x").body())
                    .isEqualTo("x");

            JsonNode headers = json(podinfo.get(HTTP, "/headers", "x-canary", "insider"));
            assertThat(headers.path("X-Canary").path(0).asText()).isEqualTo("insider");
            assertThat(headers.path("X-Api-Version").path(0).asText()).isEqualTo("6.0.0");
            assertThat(headers.has("Host")).isFalse();

            assertThat(podinfo.get(HTTP, "/env").body()).isEqualTo("[\n  \"A=b\",\n  \"WHO=me\"\n]");
        }
    }

    @Test
    void issuesTokensAndRecognisesItsOwn() throws Exception {
        try (Container podinfo = podinfo().start();
                Container other = podinfo().env("PODINFO_JWT_SECRET", "another").start()) {
            String token = json(podinfo.call(HTTP, "POST", "/token", "jane"))
                    .path("token")
                    .asText();

            JsonNode valid = json(podinfo.get(HTTP, "/token/validate", "Authorization", "Bearer " + token));
            assertThat(valid.path("token_name").asText()).isEqualTo("jane");
            assertThat(valid.path("expires_at").asText()).endsWith("Z");
            for (String wrong : new String[] {token + "x", "a.b.c", "abc", "....", "%"}) {
                assertThat(podinfo.get(HTTP, "/token/validate", "Authorization", "Bearer " + wrong)
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(other.get(HTTP, "/token/validate", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void storesWhatIsPostedUnderItsHash() throws Exception {
        try (Container podinfo = podinfo().start()) {
            HttpResponse<String> stored = podinfo.call(HTTP, "POST", "/store", "keep me");

            assertThat(stored.statusCode()).isEqualTo(202);
            assertThat(podinfo.get(HTTP, "/store/" + json(stored).path("hash").asText())
                            .body())
                    .isEqualTo("keep me");
            assertThat(podinfo.call(HTTP, "POST", "/store", "x".repeat(70_000)).statusCode())
                    .isEqualTo(413);
        }
    }

    @Test
    void becomesReadyAndUnreadyWhenTold() throws Exception {
        try (Container podinfo = podinfo().start()) {
            assertThat(podinfo.call(HTTP, "POST", "/readyz/disable", "").statusCode())
                    .isEqualTo(202);
            assertThat(podinfo.get(HTTP, "/readyz").statusCode()).isEqualTo(503);
            assertThat(podinfo.get(HTTP, "/healthz").statusCode()).isEqualTo(200);

            podinfo.call(HTTP, "POST", "/readyz/enable", "");
            assertThat(podinfo.get(HTTP, "/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void countsRequestsForPrometheusOnBothPorts() throws Exception {
        try (Container podinfo =
                podinfo().command("./podinfo", "--port-metrics=9797").start()) {
            podinfo.get(HTTP, "/");
            podinfo.get(HTTP, "/status/503");
            podinfo.get(HTTP, "/status/503");
            podinfo.get(HTTP, "/nowhere/" + System.nanoTime());

            assertThat(podinfo.get(METRICS, "/metrics").body())
                    .contains(
                            "# TYPE http_requests_total counter\n",
                            "http_requests_total{status=\"200\"} 1\n",
                            "http_requests_total{status=\"503\"} 2\n",
                            "# TYPE http_request_duration_seconds histogram\n",
                            "http_request_duration_seconds_bucket{method=\"GET\",path=\"root\",status=\"200\",le=\"10\"} 1\n",
                            "http_request_duration_seconds_bucket{method=\"GET\",path=\"status\",status=\"503\",le=\"+Inf\"} 2\n",
                            "http_request_duration_seconds_count{method=\"GET\",path=\"status\",status=\"503\"} 2\n")
                    .doesNotContain("nowhere");
            assertThat(podinfo.get(HTTP, "/metrics").body()).contains("http_requests_total{status=\"200\"} 1\n");
            assertThat(podinfo.get(METRICS, "/healthz").body()).isEqualTo("OK");
        }
    }

    @Test
    void obeysItsCommandLineAndIgnoresFlagsItHasNoUseFor() throws Exception {
        try (Container podinfo = podinfo()
                .command("./podinfo", "--port", "9000", "--grpc-port=9999", "--level=debug", "--brand-new", "--unready")
                .env("PODINFO_PORT", "9001")
                .start()) {
            assertThat(podinfo.get(9000, "/healthz").statusCode()).isEqualTo(200);
            assertThat(podinfo.get(9000, "/readyz").statusCode()).isEqualTo(503);
            assertThat(podinfo.output()).contains("\"msg\":\"Starting podinfo\"", "\"port\":\"9000\"");
        }
    }

    @Test
    void ignoresWhatKubernetesSaysOfAServiceOfItsName() throws Exception {
        try (Container podinfo =
                podinfo().env("PODINFO_PORT", "tcp://10.0.0.1:9898").start()) {
            assertThat(podinfo.get(HTTP, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PODINFO_PORT     | http  | PODINFO_PORT is http (expected: 0 to 65535)
            PODINFO_PORT     | 70000 | PODINFO_PORT is 70000 (expected: 0 to 65535)
            FAULT_ERROR_RATE | 2     | FAULT_ERROR_RATE is 2 (expected: 0 to 1, such as 0.5)
            FAULT_LATENCY    | soon  | FAULT_LATENCY is soon (expected: a duration such as 200ms, 5s or 1m)
            FAULT_UNREADY    | maybe | FAULT_UNREADY is maybe (expected: true or false)
            """)
    void doesNotStartWithASettingThatIsWrong(String name, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> podinfo().env(name, value).start())
                .withMessage(message);
    }

    @Test
    void failsTheShareOfRequestsThatItIsToldToAndSaysWhy() throws Exception {
        try (Container podinfo = podinfo().env("FAULT_ERROR_RATE", "1").start()) {
            HttpResponse<String> answer = podinfo.get(HTTP, "/");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(json(answer).path("message").asText()).contains("told to fail 100.0 %", "DELETE /fault");
            assertThat(podinfo.get(HTTP, "/readyz").statusCode()).isEqualTo(200);

            assertThat(podinfo.call(HTTP, "POST", "/fault?error-rate=0.5", "").statusCode())
                    .isEqualTo(200);
            int failed = 0;
            for (int i = 0; i < 200; i++) {
                failed += podinfo.get(HTTP, "/").statusCode() == 500 ? 1 : 0;
            }
            // Five standard deviations around 100.
            assertThat(failed).isBetween(64, 136);

            podinfo.call(HTTP, "DELETE", "/fault", "");
            assertThat(podinfo.get(HTTP, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isSlowAndUnreadyWhenToldAtRunTime() throws Exception {
        try (Container podinfo = podinfo().start()) {
            JsonNode fault = json(podinfo.call(HTTP, "POST", "/fault?latency=300ms&unready=true", ""));
            assertThat(fault)
                    .isEqualTo(
                            new JsonMapper().readTree("{\"error-rate\":0.0,\"latency\":\"300ms\",\"unready\":true}"));

            long start = System.nanoTime();
            podinfo.get(HTTP, "/");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
            assertThat(podinfo.get(HTTP, "/readyz").statusCode()).isEqualTo(503);
            podinfo.call(HTTP, "POST", "/readyz/enable", "");
            assertThat(podinfo.get(HTTP, "/readyz").statusCode()).isEqualTo(200);

            HttpResponse<String> wrong = podinfo.call(HTTP, "POST", "/fault?slow=1", "");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).contains("fault is slow (expected: error-rate, latency, unready or crash-after)");
        }
    }

    @Test
    void exitsWith255OnPanicAndAnswersNobody() throws Exception {
        try (Container podinfo = podinfo().start()) {
            assertThatThrownBy(() -> podinfo.get(HTTP, "/panic")).isInstanceOf(UncheckedIOException.class);

            assertThat(podinfo.running.exit().get(10, TimeUnit.SECONDS)).isEqualTo(255);
            assertThatThrownBy(() -> podinfo.connect(HTTP).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void crashesAfterTheTimeItIsTold() throws Exception {
        try (Container podinfo = podinfo().env("FAULT_CRASH_AFTER", "50ms").start()) {
            assertThat(podinfo.running.exit().get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(podinfo.output()).contains("FAULT_CRASH_AFTER is over");
        }
    }

    @Test
    void listensOnlyAfterItsStartDelay() throws Exception {
        try (Container podinfo = podinfo().env("FAULT_START_DELAY", "1m").start()) {
            assertThat(podinfo.running.exit()).isNotDone();
            assertThat(podinfo.output()).contains("Starting podinfo");
            podinfo.running.stop(Duration.ZERO);
            assertThat(podinfo.running.exit().get(10, TimeUnit.SECONDS)).isEqualTo(0);
        }
    }

    @Test
    void listensOnceItsStartDelayIsOver() throws Exception {
        try (Container podinfo = podinfo().env("FAULT_START_DELAY", "200ms").start()) {
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!accepts(podinfo) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }

            assertThat(podinfo.get(HTTP, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    private static boolean accepts(Container podinfo) throws IOException {
        try {
            podinfo.connect(HTTP).close();
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private static Container.Builder podinfo() {
        return Container.of("podinfo").tag("3.1.0");
    }

    private static JsonNode json(HttpResponse<String> answer) throws JsonProcessingException {
        return new JsonMapper().readTree(answer.body());
    }
}
