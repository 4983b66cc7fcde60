package dev.linnet.console.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks over HTTP whoever may be slow or talkative: what has not come to its end by the deadline, or is longer than allowed, is no answer. */
public final class TimedHttp implements AutoCloseable {
    private final Duration deadline;
    private final long longest;
    private final HttpClient http;

    /**
     * Follows no redirects.
     *
     * @param deadline of an answer with its whole body
     * @param longest  bytes of a body
     */
    public TimedHttp(Duration deadline, long longest) {
        this.deadline = deadline;
        this.longest = longest;
        this.http = HttpClient.newBuilder().connectTimeout(deadline).build();
    }

    /** Asks now; the answer is there, or has failed, by the deadline. */
    public CompletableFuture<HttpResponse<String>> ask(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> pending =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), longest));
        // The timeout of a request ends with the answer's head, and whoever sends the body may take any time for it.
        return pending.copy()
                .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> pending.cancel(true));
    }

    /**
     * What was answered.
     *
     * @throws IOException if there is no answer
     */
    public static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> asked)
            throws IOException, InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new IOException("no answer", e.getCause());
        }
    }

    /** Waits for nobody. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
