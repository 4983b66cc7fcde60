package dev.linnet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The real one, which reads metrics every second and obeys our alert rules. */
final class Prometheus implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of("/usr/bin/prometheus", "/usr/local/bin/prometheus");
    private static final Pattern LISTENS = Pattern.compile(".*msg=\"?Listening on\"?.* address=(\\S+).*");
    private static final long READY_SECONDS = 30;

    private final Path directory;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;

    private Prometheus(String program, List<String> targets) throws Exception {
        directory = Files.createTempDirectory("linnet-prometheus");
        Files.copy(Path.of("../deploy/prometheus/alerts.yaml"), directory.resolve("alerts.yaml"));
        Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [alerts.yaml]
                scrape_configs:
                  - job_name: linnet
                    honor_labels: true
                    static_configs: [{targets: [%s]}]
                """.formatted(
                        targets.stream().collect(Collectors.joining("\", \"", "\"", "\""))));
        process = new ProcessBuilder(
                        program,
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .start();
        address = address().get(READY_SECONDS, TimeUnit.SECONDS);
    }

    /** Skips the test where it is not installed. */
    static Prometheus reading(String... targets) throws Exception {
        String program = PROGRAMS.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("");
        Assumptions.assumeFalse(program.isEmpty(), "prometheus is missing (on Debian: apt-get install prometheus)");
        return new Prometheus(program, List.of(targets));
    }

    private CompletableFuture<String> address() {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("prometheus-output").start(() -> {
            StringBuilder said = new StringBuilder();
            try (BufferedReader lines = process.inputReader()) {
                @Nullable String line;
                while ((line = lines.readLine()) != null) {
                    Matcher listens = LISTENS.matcher(line);
                    if (listens.matches()) {
                        found.complete(listens.group(1));
                    }
                    said.append(line).append('\n');
                }
            } catch (IOException e) {
                found.completeExceptionally(e);
            }
            found.completeExceptionally(new IllegalStateException("prometheus ended:\n" + said));
        });
        return found;
    }

    /** Its answer to a query as of now: {@code status} is {@code success} where it makes sense to it. */
    JsonNode query(String query) throws Exception {
        return get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }

    /** All alert rules, with what became of them. */
    JsonNode rules() throws Exception {
        return get("/api/v1/rules").at("/data/groups");
    }

    private JsonNode get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build();
        return new ObjectMapper()
                .readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    @Override
    public void close() throws IOException {
        http.shutdownNow();
        process.destroyForcibly();
        process.onExit().join();
        Folders.delete(directory);
    }
}
