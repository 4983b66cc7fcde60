package dev.linnet.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainingTest {
    private static final int HTTP = 9898;
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Test
    void finishesOpenRequestsAndRefusesNewConnections() throws Exception {
        try (Container podinfo = Container.of("podinfo").start();
                Socket slow = podinfo.connect(HTTP)) {
            send(slow, "/chunked/1");
            BufferedReader answer = reader(slow);
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> podinfo.running.stop(GRACE));

            awaitRefused(podinfo);
            assertThat(stopped).isNotDone();
            assertThat(answer.lines()).contains("  \"delay\": 1");
            stopped.get(10, TimeUnit.SECONDS);
            assertThat(podinfo.running.exit().get(10, TimeUnit.SECONDS)).isEqualTo(0);
        }
    }

    @Test
    void answersOnOpenConnectionsWhileItDrainsAndClosesThem() throws Exception {
        try (Container podinfo = Container.of("podinfo").start();
                Socket slow = podinfo.connect(HTTP);
                Socket idle = podinfo.connect(HTTP)) {
            send(idle, "/healthz");
            assertThat(head(reader(idle))).startsWith("HTTP/1.1 200 OK").doesNotContain("Connection: close");
            send(slow, "/delay/1");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> podinfo.running.stop(GRACE));
            awaitRefused(podinfo);

            send(idle, "/version");

            assertThat(reader(idle).lines())
                    .contains("HTTP/1.1 200 OK", "Connection: close", "  \"version\": \"latest\"");
            assertThat(reader(slow).lines()).contains("  \"delay\": 1");
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void givesUpOpenRequestsWhenTheGracePeriodIsOver() throws Exception {
        try (Container podinfo = Container.of("podinfo").start();
                Socket slow = podinfo.connect(HTTP)) {
            send(slow, "/chunked/3600");
            BufferedReader answer = reader(slow);
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");

            podinfo.running.stop(Duration.ofMillis(50));

            assertThat(podinfo.running.exit()).isCompletedWithValue(0);
            assertThat(answer.lines()).noneMatch(line -> line.contains("delay"));
        }
    }

    @Test
    void endsAtOnceWhenNobodyIsConnected() throws Exception {
        try (Container podinfo = Container.of("podinfo").start()) {
            long start = System.nanoTime();
            podinfo.running.stop(Duration.ofMinutes(5));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
            podinfo.running.stop(Duration.ofMinutes(5));
            assertThat(podinfo.running.exit()).isCompletedWithValue(0);
            assertThat(podinfo.output()).contains("Shutting down HTTP server");
        }
    }

    @Test
    void keepsOtherInstancesOfTheSameServerServing() throws Exception {
        List<Sample> samples = Samples.all();
        try (Container one = Container.of(samples, "podinfo").tag("1").start();
                Container two = Container.of(samples, "podinfo").tag("2").start();
                Container app = Container.of(samples, "myapp").start()) {
            assertThat(one.get(HTTP, "/version").body()).contains("\"1\"");
            assertThat(two.get(HTTP, "/version").body()).contains("\"2\"");

            one.running.stop(Duration.ZERO);

            assertThat(two.get(HTTP, "/version").body()).contains("\"2\"");
            assertThat(app.get(5000, "/").statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> one.connect(HTTP).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void serveAgainAfterAllHaveEnded() throws Exception {
        List<Sample> samples = Samples.all();
        for (int i = 0; i < 3; i++) {
            try (Container podinfo = Container.of(samples, "podinfo").start()) {
                assertThat(podinfo.get(HTTP, "/healthz").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void fiftyInstancesShareAHandfulOfThreads() throws Exception {
        List<Sample> samples = Samples.all();
        List<Container> pods = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                pods.add(Container.of(samples, "podinfo").tag("v" + i).start());
            }
            for (int i = 0; i < 50; i++) {
                assertThat(pods.get(i).get(HTTP, "/version").body()).contains("\"v" + i + "\"");
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("samples"))
                    .hasSizeLessThan(20);
        } finally {
            pods.forEach(Container::close);
        }
    }

    @Test
    void sayWhichAddressIsTaken() throws Exception {
        try (Container first = Container.of("podinfo").start();
                Socket probe = first.connect(HTTP)) {
            String taken = probe.getInetAddress().getHostAddress();
            assertThatIOException()
                    .isThrownBy(() -> Samples.all().getFirst().start(setting(taken, probe.getPort())))
                    .withMessageContaining("cannot listen on " + taken + ":" + probe.getPort());
        }
    }

    @Test
    void servesManyRequestsOnFewConnections() throws Exception {
        try (Container podinfo = Container.of("podinfo").start();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> calls = new ArrayList<>();
            for (int c = 0; c < 8; c++) {
                calls.add(callers.submit(() -> echoes(podinfo)));
            }
            for (Future<List<String>> call : calls) {
                assertThat(call.get(20, TimeUnit.SECONDS))
                        .hasSize(100)
                        .allSatisfy(answer ->
                                assertThat(answer).startsWith("HTTP/1.1 202 ").endsWith("hello"));
            }
        }
    }

    /** A hundred answers on one connection. */
    private static List<String> echoes(Container podinfo) throws IOException {
        List<String> answers = new ArrayList<>();
        try (Socket connection = podinfo.connect(HTTP)) {
            BufferedReader reader = reader(connection);
            for (int i = 0; i < 100; i++) {
                connection
                        .getOutputStream()
                        .write("POST /echo HTTP/1.1\r\nHost: podinfo\r\nContent-Length: 5\r\n\r\nhello"
                                .getBytes(StandardCharsets.US_ASCII));
                answers.add(head(reader));
            }
        }
        return answers;
    }

    private static Sample.Setting setting(String address, int port) throws IOException {
        return new Sample.Setting(
                "pod",
                "latest",
                InetAddress.getByName(address),
                _ -> port,
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                HttpClient::newHttpClient,
                OutputStream.nullOutputStream());
    }

    private static void send(Socket socket, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: podinfo\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The head, and the body as far as its length says. */
    private static String head(BufferedReader reader) throws IOException {
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            head.append(line).append('\n');
            length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
        }
        for (int i = 0; i < length; i++) {
            head.append((char) reader.read());
        }
        return head.toString();
    }

    private static void awaitRefused(Container podinfo) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < deadline) {
            try {
                podinfo.connect(HTTP).close();
            } catch (ConnectException e) {
                return;
            } catch (IOException e) {
                // Closed while it was being accepted: the next one is refused.
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("still accepts connections");
    }
}
