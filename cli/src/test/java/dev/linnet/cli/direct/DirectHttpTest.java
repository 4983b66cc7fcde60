package dev.linnet.cli.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.access.Authorizer;
import dev.linnet.apiserver.access.Callers;
import dev.linnet.apiserver.http.Answerer;
import dev.linnet.apiserver.http.DirectCalls;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.store.HistoryBounds;
import dev.linnet.apiserver.store.MemoryJournal;
import dev.linnet.apiserver.store.ObjectStore;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DirectHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ObjectStore store = ObjectStore.open(new MemoryJournal(), HistoryBounds.USUAL);

    @AfterEach
    void closes() {
        store.close();
    }

    private HttpClient client(Answerer answerer) {
        Callers callers = new Callers((_, _) -> Optional.empty(), new Authorizer(store));
        return new DirectHttp(new DirectCalls(callers, answerer))
                .newBuilder()
                .tag(new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build())
                .build();
    }

    private static CompletableFuture<String> text(HttpClient http, HttpRequest request) {
        return http.sendAsync(request, String.class).thenApply(response -> response.code() + " " + response.body());
    }

    private static HttpRequest.Builder to(HttpClient http, String path) {
        return http.newHttpRequestBuilder().uri("https://api" + path);
    }

    private static InputStream brokenInput() {
        return new InputStream() {
            @Override
            public int read() {
                throw new IllegalStateException("broken");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                throw new IllegalStateException("broken");
            }
        };
    }

    @Test
    void bringsAnswersAsTheyCome() {
        try (HttpClient http = client(call -> Reply.stream("text/plain", out -> {
            out.write("you asked for ".getBytes(StandardCharsets.UTF_8));
            out.flush();
            out.write(call.rawPath().getBytes(StandardCharsets.UTF_8));
        }))) {
            assertThat(text(http, to(http, "/healthz").build()))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo("200 you asked for /healthz");
        }
    }

    @Test
    void saysThatAnAnswerCannotBeMade() {
        try (HttpClient http = client(_ -> {
            throw new IllegalStateException("broken");
        })) {
            assertThat(text(http, to(http, "/healthz").build()))
                    .succeedsWithin(PATIENCE)
                    .asString()
                    .startsWith("500 ")
                    .contains("broken");
        }
    }

    @Test
    void breaksOffWhereTheRestOfAnAnswerCannotBeMade() {
        try (HttpClient http = client(_ -> Reply.stream("text/plain", out -> {
            out.write('a');
            out.flush();
            throw new IllegalStateException("broken");
        }))) {
            assertThat(text(http, to(http, "/healthz").build()))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void breaksOffWhereTheRequestCannotBeRead() {
        try (HttpClient http = client(_ -> Reply.text(200, "read"))) {
            HttpRequest request =
                    to(http, "/healthz").post("text/plain", brokenInput(), 1).build();

            assertThat(text(http, request))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("broken");
        }
    }
}
