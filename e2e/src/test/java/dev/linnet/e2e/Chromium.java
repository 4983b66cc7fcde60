package dev.linnet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A real browser without a window, spoken to by the DevTools protocol over a WebSocket of the JDK's. */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> PROGRAMS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private final Path profile;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private volatile String session = "";

    private Chromium(String program) throws Exception {
        this.profile = Files.createTempDirectory("linnet-browser");
        this.process = new ProcessBuilder(
                        program,
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--force-prefers-reduced-motion",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(endpoint()), new Ear())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        String target = call("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** Skips the test where there is no browser. */
    static Chromium start() throws Exception {
        String program = PROGRAMS.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("");
        Assumptions.assumeFalse(program.isEmpty(), "chromium is missing (on Debian: apt-get install chromium)");
        return new Chromium(program);
    }

    /** It says on its error output where it listens. */
    private String endpoint() throws Exception {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("chromium-output").start(() -> {
            try (BufferedReader lines = process.inputReader()) {
                @Nullable String line;
                while ((line = lines.readLine()) != null) {
                    if (line.startsWith("DevTools listening on ")) {
                        found.complete(line.substring("DevTools listening on ".length())
                                .strip());
                    }
                }
            } catch (IOException e) {
                found.completeExceptionally(e);
            }
            found.completeExceptionally(new IllegalStateException("chromium ended"));
        });
        return found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What comes from the browser. */
    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                hear(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    private void hear(String message) {
        try {
            JsonNode said = JSON.readTree(message);
            CompletableFuture<JsonNode> waiting = answers.remove(said.path("id").asInt(-1));
            if (waiting != null) {
                waiting.complete(said);
            }
            String level = said.at("/params/entry/level").asText("");
            boolean serious =
                    level.equals("error") || said.path("method").asText("").equals("Runtime.exceptionThrown");
            if (serious) {
                complaints.add(message);
            }
        } catch (IOException e) {
            complaints.add(e.toString());
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode question = JSON.createObjectNode().put("id", id).put("method", method);
        question.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            question.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        try {
            synchronized (socket()) {
                socket().sendText(question.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            JsonNode said = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (said.has("error")) {
                throw new AssertionError(method + ": " + said.path("error"));
            }
            return said.path("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + " was not answered", e);
        }
    }

    private WebSocket socket() {
        return socket;
    }

    void open(String url) {
        JsonNode answer = call("Page.navigate", Map.of("url", url));
        if (answer.hasNonNull("errorText")) {
            throw new AssertionError(url + ": " + answer.path("errorText").asText());
        }
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** What a script gives, as JSON. Runs beside the page's policy, as the DevTools do. */
    JsonNode evaluate(String script) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(script + ": " + answer.path("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    /** Waits until a script says true. */
    void await(String condition) {
        String last = "";
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (evaluate("Boolean(" + condition + ")").asBoolean()) {
                    return;
                }
            } catch (AssertionError e) {
                last = String.valueOf(e.getMessage()); // a page that is being left has no context or body for a moment
            }
            pause();
        }
        throw new AssertionError("the page never showed: " + condition + "\n" + last + "\n" + text());
    }

    void awaitText(String text) {
        await("document.body.innerText.includes(" + quoted(text) + ")");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    String text() {
        return evaluate("document.body.innerText").asText();
    }

    void click(String selector) {
        await("document.querySelector(" + quoted(selector) + ")");
        evaluate("document.querySelector(" + quoted(selector) + ").click()");
    }

    /** A key by its name, {@code Enter} or {@code /}, as it comes from a keyboard. */
    void press(String key) {
        String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        int code = switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "Tab" -> 9;
            default -> key.charAt(0);
        };
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type", type,
                            "key", key,
                            "windowsVirtualKeyCode", code,
                            "text", type.equals("keyDown") ? text : ""));
        }
    }

    /** As a person types: the field's events are fired. */
    void type(String selector, String text) {
        await("document.querySelector(" + quoted(selector) + ")");
        evaluate("(field => { field.focus(); field.value = " + quoted(text)
                + "; field.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector("
                + quoted(selector) + "))");
    }

    /** Runs before the scripts of each page that comes, beside its policy. */
    void beforeEachPage(String script) {
        call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** As if it never had been here, page by page. */
    void forgetCache() {
        call("Network.setCacheDisabled", Map.of("cacheDisabled", true));
    }

    /**
     * What a page holds, once what it has dropped is gone.
     *
     * @param resident bytes of memory of each process that shows pages, by its id: the counters know nothing of what styles and layouts leave behind
     */
    record Held(long nodes, long listeners, long bytes, Map<Long, Long> resident) {

        /** By how much that process has grown which has grown most. */
        long residentMoreThan(Held before) {
            Map<Long, Long> grown = new HashMap<>(resident);
            grown.keySet().retainAll(before.resident.keySet());
            before.resident.forEach((id, was) -> grown.computeIfPresent(id, (_, is) -> is - was));
            return Collections.max(grown.values());
        }
    }

    Held held() {
        call("HeapProfiler.collectGarbage", Map.of());
        JsonNode counters = call("Memory.getDOMCounters", Map.of());
        return new Held(
                counters.path("nodes").asLong(),
                counters.path("jsEventListeners").asLong(),
                call("Runtime.getHeapUsage", Map.of()).path("usedSize").asLong(),
                resident());
    }

    private Map<Long, Long> resident() {
        Map<Long, Long> resident = new HashMap<>();
        for (ProcessHandle each : process.descendants().toList()) {
            Path of = Path.of("/proc", String.valueOf(each.pid()));
            try {
                if (Files.readString(of.resolve("cmdline")).contains("--type=renderer")) {
                    resident.put(each.pid(), kilobytes(of.resolve("status"), "VmRSS:") << 10);
                }
            } catch (IOException _) {
                // it has ended meanwhile
            }
        }
        return resident;
    }

    private static long kilobytes(Path status, String name) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /** From the next page on things may move, until the next {@link #size}. */
    void allowMotion() {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", "no-preference"))));
    }

    /** A window of this width, in this theme. */
    void size(int width, int height, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    void language(String accepted) {
        call("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", accepted)));
    }

    void offline(boolean is) {
        call(
                "Network.emulateNetworkConditions",
                Map.of("offline", is, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** The whole page as a picture. */
    void picture(Path file) throws IOException {
        JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
    }

    /** Errors that the browser has noted: scripts that failed, policies that were broken, files that were missing. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    void forgetComplaints() {
        complaints.clear();
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        http.shutdownNow();
        List<ProcessHandle> started =
                process.descendants().toList(); // they write into the profile, too, and may outlive it
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        for (ProcessHandle each : started) {
            each.destroyForcibly();
            each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join();
        }
        Folders.delete(profile);
    }
}
