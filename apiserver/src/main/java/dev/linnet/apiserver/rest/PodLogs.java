package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Passes requests for a container's log on to the agent of the node that runs it. */
final class PodLogs implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BUFFER = 16 << 10;
    private static final int ERROR_LIMIT = 4 << 10;

    private final NodeAgents agents;
    private final String kubeletToken;
    /** Made on first use: it costs start-up time that most runs never need. */
    private final LazyClient client = new LazyClient();

    PodLogs(NodeAgents agents, String kubeletToken) {
        this.agents = agents;
        this.kubeletToken = kubeletToken;
    }

    Reply log(Call call, Target target) {
        ObjectNode pod = agents.pod(target);
        String container = NodeAgents.container(pod, target, call.query().text("container"));
        String query = call.query().raw();
        // Names of Pods and containers are DNS labels: nothing in them needs encoding.
        HttpResponse<InputStream> response =
                ask(URI.create("http://" + NodeAgents.authority(agents.of(pod, target)) + "/containerLogs/"
                        + target.namespace() + "/" + target.name() + "/" + container
                        + (query.isEmpty() ? "" : "?" + query)));
        if (response.statusCode() != 200) {
            throw failure(response);
        }
        return Reply.stream("text/plain", out -> copy(response.body(), out));
    }

    private HttpResponse<InputStream> ask(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + kubeletToken)
                .timeout(PATIENCE)
                .build();
        try {
            return client.get().send(request, HttpResponse.BodyHandlers.ofInputStream());
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

    /** Line by line as it comes, for those who follow. */
    private static void copy(InputStream log, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (log) {
            out.flush();
            for (int read = log.read(buffer); read >= 0; read = log.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class LazyClient implements AutoCloseable {
        private @Nullable HttpClient http;

        synchronized HttpClient get() {
            if (http == null) {
                http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
            }
            return http;
        }

        @Override
        public synchronized void close() {
            if (http != null) {
                http.shutdownNow();
            }
        }
    }
}
