package dev.linnet.samples.mesh;

import dev.linnet.samples.serving.Call;
import dev.linnet.samples.serving.Output;
import dev.linnet.samples.serving.Reply;
import dev.linnet.samples.serving.Site;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Passes requests on with all their headers: tracing headers and baggage among them, by which releases and traces hold
 * together across services.
 */
final class PassingSite implements Site {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_BODY = 10 << 20;

    /** What belongs to one connection, or is for the client to say. */
    private static final Set<String> NOT_PASSED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Supplier<HttpClient> client;
    private final URI backend;
    private final String version;
    private final Output log;

    PassingSite(Supplier<HttpClient> client, URI backend, String version, Output log) {
        this.client = client;
        this.backend = backend;
        this.version = version;
        this.log = log;
    }

    @Override
    public Reply answer(Call call) throws IOException, InterruptedException {
        // Asked by probes: this one is well, however the backend is.
        if (call.path().equals("/healthz")) {
            return named(Reply.of(200, "text/plain; charset=utf-8", "ok\n"));
        }
        return named(passed(call));
    }

    private Reply passed(Call call) throws IOException, InterruptedException {
        HttpRequest request = request(call);
        try {
            return reply(client.get().send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY)));
        } catch (HttpTimeoutException e) {
            return failed(504, "the backend gave no answer within " + PATIENCE.toSeconds() + " s");
        } catch (IOException e) {
            return failed(502, "the backend gave no answer: " + e);
        }
    }

    private HttpRequest request(Call call) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(backend + call.target()))
                .timeout(PATIENCE)
                .method(call.method(), BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach((name, values) -> {
            if (isPassed(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> field : response.headers().map().entrySet()) {
            if (isPassed(field.getKey())) {
                headers.put(field.getKey(), String.join(", ", field.getValue()));
            }
        }
        return new Reply(response.statusCode(), headers, Duration.ZERO, ByteBuffer.wrap(response.body()));
    }

    private static boolean isPassed(String header) {
        return !NOT_PASSED.contains(header.toLowerCase(Locale.ROOT));
    }

    private Reply failed(int status, String why) {
        log.line(why);
        return Reply.of(status, "text/plain; charset=utf-8", why + "\n");
    }

    private Reply named(Reply reply) {
        return reply.with("x-frontend", version);
    }
}
