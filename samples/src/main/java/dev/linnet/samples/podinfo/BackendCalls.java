package dev.linnet.samples.podinfo;

import dev.linnet.samples.serving.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What podinfo does with {@code /echo} when it has {@code --backend-url}: asks the backends and shows what they say. */
record BackendCalls(Supplier<HttpClient> client, List<String> urls, String version) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_BODY = 10 << 20;

    /** By which traces and releases hold together across services. */
    private static final List<String> PASSED = List.of(
            "X-Request-Id",
            "X-B3-TraceId",
            "X-B3-SpanId",
            "X-B3-ParentSpanId",
            "X-B3-Sampled",
            "X-B3-Flags",
            "X-Ot-Span-Context",
            "traceparent",
            "tracestate",
            "baggage");

    /** One text for each backend, in the order of their URLs. */
    List<String> all(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        List<String> answers = new ArrayList<>();
        for (String url : urls) {
            answers.add(one(url, call, body));
        }
        return answers;
    }

    private String one(String url, Call call, byte[] body) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .header("X-API-Version", version)
                .POST(BodyPublishers.ofByteArray(body));
        PASSED.forEach(name -> call.header(name).ifPresent(value -> request.header(name, value)));
        try {
            HttpResponse<String> answer =
                    client.get().send(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BODY));
            return answer.statusCode() < 400
                    ? answer.body()
                    : "backend " + url + " response status code " + answer.statusCode();
        } catch (IOException e) {
            return "backend " + url + " call failed " + e;
        }
    }
}
