package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.failure.ApiFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks node agents over HTTP. */
final class AgentClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ERROR_LIMIT = 4 << 10;

    private final String token;
    private final LazyHttpClient http = new LazyHttpClient(
            () -> HttpClient.newBuilder().connectTimeout(PATIENCE).build());

    AgentClient(String token) {
        this.token = token;
    }

    /**
     * What an agent answers; the caller closes it.
     *
     * @param pathAndQuery as they stand in a URL
     * @throws ApiFailure what the agent's refusal, or its silence, is to whoever asked this server
     */
    InputStream get(InetSocketAddress agent, String pathAndQuery) {
        HttpResponse<InputStream> response = ask(URI.create("http://" + NodeAgents.authority(agent) + pathAndQuery));
        if (response.statusCode() != 200) {
            throw failure(response);
        }
        return response.body();
    }

    private HttpResponse<InputStream> ask(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .timeout(PATIENCE)
                .build();
        try {
            return http.get().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw ApiFailure.of(
                    500, "InternalError", "Get \"" + uri + "\": the node's agent does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(500, "InternalError", "interrupted");
        }
    }

    private static ApiFailure failure(HttpResponse<InputStream> response) {
        String text;
        try (InputStream body = response.body()) {
            text = new String(body.readNBytes(ERROR_LIMIT), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            text = "the node's agent broke off: " + e.getMessage();
        }
        return NodeAgents.failure(response.statusCode(), text);
    }

    @Override
    public void close() {
        http.close();
    }
}
