package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.node.command.CommandLine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports, commands and output of running Pods, through the API server as clients ask for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PodStreamsTest {
    private LocalCluster cluster;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new LocalCluster(directory, Map.of("shell", CommandLine.parse("sh -c")), Optional.empty());
        cluster.namespace("streams");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: streams}
                spec:
                  containers:
                    - name: app
                      image: echo
                      ports: [{name: http, containerPort: 8080}]
                """);
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: box, namespace: streams}
                spec:
                  containers:
                    - name: app
                      image: shell
                      args: [sleep 1000]
                      env: [{name: GREETING, value: hello}]
                """);
        cluster.readyPod("streams", "web");
    }

    @AfterAll
    void stop() {
        http.close();
        cluster.close();
    }

    @Test
    void forwardsAPortForFabric8() throws Exception {
        try (LocalPortForward forward =
                cluster.client.pods().inNamespace("streams").withName("web").portForward(8080)) {
            URI uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/forwarded");

            assertThat(get(uri)).startsWith("web 127.");
            try (HttpClient another = HttpClient.newHttpClient()) {
                HttpRequest request = HttpRequest.newBuilder(uri).build();
                assertThat(another.send(request, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .as("another connection")
                        .startsWith("web 127.");
            }
        }
    }

    private String get(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @ParameterizedTest(name = "over WebSocket: {0}")
    @ValueSource(booleans = {true, false})
    void forwardsPortsForKubectl(boolean overWebSocket) throws Exception {
        try (SpdyClient kubectl = SpdyClient.forwarding(cluster, overWebSocket)) {
            int first = kubectl.connect("0", 8080);
            int second = kubectl.connect("1", 8080);
            kubectl.send(first, "GET /one HTTP/1.0\r\n\r\n");
            kubectl.send(second, "GET /two HTTP/1.0\r\n\r\n");

            eventually()
                    .untilAsserted(
                            () -> assertThat(kubectl.ended(first, first - 2)).isTrue());
            eventually()
                    .untilAsserted(
                            () -> assertThat(kubectl.ended(second, second - 2)).isTrue());
            assertThat(kubectl.received(first)).startsWith("HTTP/1.1 200").contains("web 127.");
            assertThat(kubectl.received(second)).startsWith("HTTP/1.1 200").contains("web 127.");
            assertThat(kubectl.received(first - 2)).as("nothing went wrong").isEmpty();

            kubectl.ping(41);
            eventually().untilAsserted(() -> assertThat(kubectl.pong()).isEqualTo(41));
        }
    }

    @Test
    void tellsKubectlThatNobodyListens() throws Exception {
        try (SpdyClient kubectl = SpdyClient.forwarding(cluster, true)) {
            int data = kubectl.connect("0", 8099);

            eventually()
                    .untilAsserted(
                            () -> assertThat(kubectl.ended(data, data - 2)).isTrue());
            assertThat(kubectl.received(data - 2)).startsWith("error forwarding port 8099: nobody listens on 127.");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsACommandForOlderKubectls() throws Exception {
        cluster.readyPod("streams", "box");
        String path =
                "/pods/box/exec?command=sh&command=-c&command=read+x%3B+echo+%24x%3B+exit+7&stdin=1&stdout=1&stderr=1";
        try (SpdyClient kubectl = SpdyClient.open(cluster, path, false, "v4.channel.k8s.io")) {
            int error = kubectl.open(Map.of("streamtype", "error"));
            int input = kubectl.open(Map.of("streamtype", "stdin"));
            int output = kubectl.open(Map.of("streamtype", "stdout"));
            int errors = kubectl.open(Map.of("streamtype", "stderr"));
            kubectl.send(input, "typed\n");

            eventually()
                    .untilAsserted(() ->
                            assertThat(kubectl.ended(error, output, errors)).isTrue());
            assertThat(kubectl.received(output)).isEqualTo("typed\n");
            assertThat(kubectl.received(error)).contains("\"reason\":\"NonZeroExitCode\"", "\"message\":\"7\"");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsACommandBesideAContainer() throws Exception {
        cluster.readyPod("streams", "box");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        try (ExecWatch exec = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("box")
                .writingOutput(output)
                .writingError(errors)
                .exec("sh", "-c", "echo $GREETING; echo oops >&2; exit 3")) {
            assertThat(exec.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }

        assertThat(output.toString(UTF_8)).isEqualTo("hello\n");
        assertThat(errors.toString(UTF_8)).isEqualTo("oops\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void givesACommandWhatSomebodyTypes() throws Exception {
        cluster.readyPod("streams", "box");
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        try (ExecWatch exec = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("box")
                .redirectingInput()
                .writingOutput(output)
                .exec("sh", "-c", "read one; echo got $one; read two; echo and $two")) {
            exec.getInput().write("this\n".getBytes(UTF_8));
            exec.getInput().flush();
            eventually().untilAsserted(() -> assertThat(output.toString(UTF_8)).isEqualTo("got this\n"));
            exec.getInput().write("that\n".getBytes(UTF_8));
            exec.getInput().flush();
            assertThat(exec.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        }

        assertThat(output.toString(UTF_8)).isEqualTo("got this\nand that\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void endsACommandWhoseReaderHasGone() throws Exception {
        cluster.readyPod("streams", "box");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ExecWatch _ = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("box")
                .writingOutput(output)
                .exec("sh", "-c", "echo $$; exec sleep 1000")) {
            eventually().untilAsserted(() -> assertThat(output.size()).isPositive());
        }

        long pid = Long.parseLong(output.toString(UTF_8).strip());
        eventually().untilAsserted(() -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }

    @Test
    void saysThatThereIsNoShellInWhatIsPartOfThisProgram() throws Exception {
        assertThat(refusal("web", "sh", "-c", "ls"))
                .isEqualTo("Internal error occurred: error executing command in container: container \"app\" runs"
                        + " image \"echo\", a part of this program: there is no shell and no other command in it");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhichProgramIsMissing() throws Exception {
        cluster.readyPod("streams", "box");

        assertThat(refusal("box", "no-such-program"))
                .endsWith("exec: \"no-such-program\": executable file not found in $PATH");
    }

    private String refusal(String pod, String... command) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        try (ExecWatch _ = cluster.client
                .pods()
                .inNamespace("streams")
                .withName(pod)
                .writingOutput(new ByteArrayOutputStream())
                .usingListener(new ExecListener() {
                    @Override
                    public void onExit(int code, Status status) {
                        end.complete(status);
                    }

                    @Override
                    public void onClose(int code, String reason) {
                        end.completeExceptionally(new IOException("closed: " + code + " " + reason));
                    }
                })
                .exec(command)) {
            return end.get(20, TimeUnit.SECONDS).getMessage();
        }
    }

    @Test
    void showsWhatAContainerWritesFromNowOn() throws Exception {
        String pod = cluster.pod("streams", "web").getStatus().getPodIP();
        get(URI.create("http://" + pod + ":8080/before"));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ExecWatch _ = cluster.client
                .pods()
                .inNamespace("streams")
                .withName("web")
                .writingOutput(written)
                .attach()) {
            eventually().untilAsserted(() -> {
                get(URI.create("http://" + pod + ":8080/attached"));
                assertThat(written.toString(UTF_8)).contains("GET /attached\n").doesNotContain("/before");
            });
        }
    }
}
