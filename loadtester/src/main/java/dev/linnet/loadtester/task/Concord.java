package dev.linnet.loadtester.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Starts a process of a Concord server and waits for its end. */
final class Concord {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String ARGUMENTS = "arguments.";
    private static final String ENDPOINT = "arguments.endpoint";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskSettings settings;

    Concord(TaskSettings settings) {
        this.settings = settings;
    }

    Answer run(Payload payload) throws Refused, InterruptedException {
        if (payload.text(ENDPOINT).isPresent()) {
            throw new Refused(ENDPOINT + " is set by the load tester (expected: endpoint)");
        }
        String server = need(payload, "server");
        Map<String, String> fields = fields(payload);
        String key = key(Path.of(need(payload, "apiKeyPath")));
        Duration pause = seconds(payload, "pollInterval", 5);
        long end = System.nanoTime()
                + min(seconds(payload, "pollTimeout", 30), settings.timeout()).toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(DEADLINE).build()) {
            String instance = start(client, server, key, fields);
            settings.log().accept(payload.release() + ": Concord process " + instance + " started");
            while (System.nanoTime() < end) {
                String status = status(client, server, key, instance);
                switch (status) {
                    case "FINISHED" -> {
                        return Answer.ok("");
                    }
                    case "FAILED" -> {
                        return Answer.failed("Concord process " + instance + " failed");
                    }
                    default -> Thread.sleep(pause);
                }
            }
            return Answer.failed("Concord process " + instance + " did not finish in time");
        } catch (IOException e) {
            return Answer.failed("Concord at " + server + ": " + e.getMessage());
        }
    }

    private static Map<String, String> fields(Payload payload) throws Refused {
        Map<String, String> fields = new TreeMap<>();
        fields.put("org", need(payload, "org"));
        fields.put("project", need(payload, "project"));
        fields.put("repo", need(payload, "repo"));
        fields.put("entryPoint", need(payload, "entrypoint"));
        fields.put(ENDPOINT, need(payload, "endpoint"));
        payload.metadata().forEach((name, value) -> {
            if (name.startsWith(ARGUMENTS)) {
                fields.put(name, value);
            }
        });
        return fields;
    }

    private static String start(HttpClient client, String server, String key, Map<String, String> fields)
            throws IOException, InterruptedException {
        String boundary = "linnet" + Long.toHexString(System.nanoTime());
        StringBuilder body = new StringBuilder();
        fields.forEach((name, value) -> body.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        body.append("--").append(boundary).append("--\r\n");
        HttpRequest request = request(server, "/api/v1/process", key)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        return text(client, request, "instanceId");
    }

    private static String status(HttpClient client, String server, String key, String instance)
            throws IOException, InterruptedException {
        return text(client, request(server, "/api/v1/process/" + instance, key).build(), "status");
    }

    private static HttpRequest.Builder request(String server, String path, String key) {
        String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(DEADLINE).header("Authorization", key);
    }

    private static String text(HttpClient client, HttpRequest request, String field)
            throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException("status " + response.statusCode());
        }
        JsonNode value = JSON.readTree(response.body()).path(field);
        if (!value.isTextual()) {
            throw new IOException("the answer has no " + field);
        }
        return value.asText();
    }

    private static String need(Payload payload, String name) throws Refused {
        return payload.text(name).orElseThrow(() -> new Refused(name + " not found in metadata"));
    }

    private static String key(Path file) throws Refused {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Refused("apiKeyPath " + file + " cannot be read");
        }
    }

    private static Duration seconds(Payload payload, String name, int usual) throws Refused {
        String text = payload.text(name).orElse(Integer.toString(usual));
        try {
            int seconds = Integer.parseInt(text);
            if (seconds > 0) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is not positive.
        }
        throw new Refused(name + " is " + text + " (expected: seconds, at least 1)");
    }

    private static Duration min(Duration a, Duration b) {
        return List.of(a, b).stream().min(Duration::compareTo).orElseThrow();
    }
}
