package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code linnet gateway} as a process of its own, beside a cluster. */
final class GatewayCommandTest {
    private static final Pattern SERVES = Pattern.compile("serves at (\\S+), .*its numbers at (\\S+)");

    /** GS-1: whoever sends requests here hears that it will stop before it does. */
    @Test
    void servesOnForItsGracePeriodAfterItIsAskedToStop() throws Exception {
        try (Cluster cluster = Cluster.start();
                HttpClient client = HttpClient.newHttpClient()) {
            List<String> command = Linnet.command(
                    "gateway",
                    "--kubeconfig=" + cluster.kubeconfig(),
                    "--http=127.0.0.1:0",
                    "--https=127.0.0.1:0",
                    "--metrics=127.0.0.1:0",
                    "--update-status=false",
                    "--shutdown-grace-period=4");
            Process gateway = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                Matcher addresses = addresses(gateway.errorReader());
                URI http = URI.create("http://" + addresses.group(1) + "/");
                URI ready = URI.create("http://" + addresses.group(2) + "/readyz");
                await().atMost(Duration.ofSeconds(30)).until(() -> status(client, ready) == 200);

                gateway.destroy();

                await().atMost(Duration.ofSeconds(3)).until(() -> status(client, ready) == 503);
                HttpResponse<String> answer = get(client, http);
                assertThat(answer.statusCode())
                        .as("no route is for it, but it is answered")
                        .isEqualTo(404);
                assertThat(answer.headers().firstValue("Connection")).contains("close");
                assertThat(gateway.waitFor(40, TimeUnit.SECONDS)).isTrue();
                assertThat(gateway.exitValue()).as("as SIGTERM ends a JVM").isEqualTo(143);
            } finally {
                gateway.destroyForcibly();
            }
        }
    }

    private static Matcher addresses(BufferedReader said) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher matcher = SERVES.matcher(line);
            if (matcher.find()) {
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> said.lines().forEach(_ -> {})); // so that it never waits for us
                return matcher;
            }
        }
        throw new AssertionError("the gateway ended before it served");
    }

    private static int status(HttpClient client, URI uri) {
        try {
            return get(client, uri).statusCode();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
