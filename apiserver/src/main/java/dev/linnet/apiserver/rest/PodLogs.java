package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes requests for a container's log on to the agent of the node that runs it. */
final class PodLogs implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BUFFER = 16 << 10;
    private static final int ERROR_LIMIT = 4 << 10;

    private final ObjectStore store;
    private final String kubeletToken;
    /** Made on first use: it costs start-up time that most runs never need. */
    private final LazyClient client = new LazyClient();

    PodLogs(ObjectStore store, String kubeletToken) {
        this.store = store;
        this.kubeletToken = kubeletToken;
    }

    Reply log(Call call, Target target) {
        ObjectNode pod = store.get(target.key()).orElseThrow(target::notFound).tree();
        String container = container(pod, target, call.query().text("container"));
        HttpResponse<InputStream> response =
                ask(uri(pod, target, container, call.query().raw()));
        if (response.statusCode() != 200) {
            throw failure(response);
        }
        return Reply.stream("text/plain", out -> copy(response.body(), out));
    }

    private static String container(ObjectNode pod, Target target, String wanted) {
        List<String> names = new ArrayList<>();
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                names.add(container.path("name").asText());
            }
        }
        if (wanted.isEmpty() && pod.path("spec").path("containers").size() == 1) {
            return names.getFirst();
        }
        if (wanted.isEmpty()) {
            throw ApiFailure.badRequest("a container name must be specified for pod " + target.name()
                    + ", choose one of: [" + String.join(" ", names) + "]");
        }
        if (!names.contains(wanted)) {
            throw ApiFailure.badRequest("container " + wanted + " is not valid for pod " + target.name());
        }
        return wanted;
    }

    private URI uri(ObjectNode pod, Target target, String container, String query) {
        String nodeName = pod.path("spec").path("nodeName").asText("");
        if (nodeName.isEmpty()) {
            throw ApiFailure.badRequest("pod " + target.name() + " does not have a host assigned");
        }
        ObjectNode node = store.get(new ObjectKey("nodes", "", nodeName))
                .map(StoredObject::tree)
                .orElseThrow(() -> ApiFailure.notFound(new ApiFailure.Subject("", "nodes", nodeName)));
        int port = node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt(0);
        // Names of Pods and containers are DNS labels: nothing in them needs encoding.
        return URI.create("http://" + internalAddress(node) + ":" + port + "/containerLogs/" + target.namespace() + "/"
                + target.name() + "/" + container + (query.isEmpty() ? "" : "?" + query));
    }

    private static String internalAddress(ObjectNode node) {
        for (JsonNode address : node.path("status").path("addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                return address.path("address").asText();
            }
        }
        throw ApiFailure.of(500, "InternalError", "node has no InternalIP address");
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
        return switch (response.statusCode()) {
            case 400 -> ApiFailure.badRequest(text);
            case 404 -> ApiFailure.of(404, "NotFound", text);
            default -> ApiFailure.of(500, "InternalError", text);
        };
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
