package dev.linnet.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server on a free port, and a client of it that speaks JSON over HTTPS as any other would. */
final class TestServer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ApiServer server;
    private final HttpClient http;
    /** Name and value by turns. */
    private final List<String> headers;

    private TestServer(ApiServer server) {
        this.server = server;
        this.http = HttpClient.newBuilder().sslContext(trusting(server.caPem())).build();
        this.headers = List.of("Authorization", "Bearer " + server.adminToken());
    }

    private TestServer(TestServer other, List<String> headers) {
        this.server = other.server;
        this.http = other.http;
        this.headers = headers;
    }

    /** The same server, asked by the administrator in the name of somebody else. Need not be closed. */
    TestServer as(String user, String... groups) {
        List<String> more = new ArrayList<>(headers);
        more.addAll(List.of("Impersonate-User", user));
        Stream.of(groups).forEach(group -> more.addAll(List.of("Impersonate-Group", group)));
        return new TestServer(this, more);
    }

    /** The same server, asked by whoever holds a token. Need not be closed. */
    TestServer with(String token) {
        return new TestServer(this, List.of("Authorization", "Bearer " + token));
    }

    /** The same server, asked by nobody in particular. Need not be closed. */
    TestServer anonymously() {
        return new TestServer(this, List.of("User-Agent", "nobody"));
    }

    static TestServer ephemeral(Path directory) {
        return new TestServer(ApiServer.start(settings(directory, true)));
    }

    /** As {@link #ephemeral}, in a time that the test makes. */
    static TestServer at(Path directory, InstantSource clock) {
        ApiServerSettings usual = settings(directory, true);
        return new TestServer(ApiServer.start(new ApiServerSettings(
                usual.listen(), directory, true, usual.serviceCidr(), usual.kubeletToken(), clock)));
    }

    static TestServer durable(Path directory) {
        return new TestServer(ApiServer.start(settings(directory, false)));
    }

    /** One that keeps its objects, and brings kinds along. */
    static TestServer durable(Path directory, List<ObjectNode> definitions) {
        ApiServerSettings usual = settings(directory, false);
        return new TestServer(ApiServer.start(new ApiServerSettings(
                usual.listen(),
                directory,
                false,
                usual.serviceCidr(),
                usual.kubeletToken(),
                usual.clock(),
                () -> definitions)));
    }

    /** One that keeps its objects, and gives Services addresses of this range. */
    static TestServer durable(Path directory, String serviceCidr) {
        ApiServerSettings usual = settings(directory, false);
        return new TestServer(ApiServer.start(new ApiServerSettings(
                usual.listen(), directory, false, serviceCidr, usual.kubeletToken(), usual.clock())));
    }

    static ApiServerSettings settings(Path directory, boolean ephemeral) {
        return new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                directory,
                ephemeral,
                "127.77.128.0/17",
                "kubelet-secret",
                InstantSource.system());
    }

    static SSLContext trusting(String caPem) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    ApiServer api() {
        return server;
    }

    /** What came back. */
    record Answer(int code, JsonNode json, HttpResponse<String> response) {
        String text(String pointer) {
            return json.at(pointer).asText();
        }

        String message() {
            return text("/message");
        }

        List<String> warnings() {
            return response.headers().allValues("Warning");
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(PATIENCE)
                .headers(headers.toArray(String[]::new));
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            boolean json =
                    response.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Answer(response.statusCode(), JSON.readTree(json ? response.body() : "{}"), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The events of a watch, as they come. Close it. */
    Stream<JsonNode> watch(String path) {
        return lines(path).map(TestServer::parsed);
    }

    /** A watch over a WebSocket; each text message is handed over whole. Abort it. */
    WebSocket webSocket(String path, Consumer<String> messages) throws Exception {
        StringBuilder message = new StringBuilder();
        WebSocket.Builder builder = http.newWebSocketBuilder();
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        return builder.buildAsync(URI.create(server.url().replace("https", "wss") + path), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        message.append(data);
                        if (last) {
                            messages.accept(message.toString());
                            message.setLength(0);
                        }
                        from.request(1);
                        return CompletableFuture.completedStage(null);
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The lines of an answer, as they come. Close it. */
    Stream<String> lines(String path) {
        HttpRequest request = request(path).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofLines()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer get(String path) {
        return send(request(path).build());
    }

    Answer get(String path, String accept) {
        return send(request(path).header("Accept", accept).build());
    }

    Answer post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer put(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** @param type {@code merge}, {@code strategic-merge}, {@code json} or {@code apply} */
    Answer patch(String path, String type, String body) {
        String suffix = type.equals("apply") ? "yaml" : "json";
        return send(request(path)
                .header("Content-Type", "application/" + type + "-patch+" + suffix)
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    Answer delete(String path, String options) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("DELETE", HttpRequest.BodyPublishers.ofString(options))
                .build());
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.close();
    }
}
