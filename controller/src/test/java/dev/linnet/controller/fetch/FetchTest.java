package dev.linnet.controller.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FetchTest {
    private final Fetch fetch = new Fetch(Duration.ofSeconds(20), ProxySelector.of(null));
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
        fetch.close();
    }

    @Test
    void followsNoRedirect() throws Exception {
        try (Recorder elsewhere = Recorder.answering(200, "stolen");
                Recorder server = Recorder.start(exchange -> {
                    exchange.getResponseHeaders().set("Location", elsewhere.address());
                    exchange.sendResponseHeaders(302, -1);
                })) {
            Reply reply = fetch.fetch(Ask.get(server.url("/")).withSecret("Authorization", "Bearer ", "s3cret"));

            assertThat(reply.status()).isEqualTo(302);
            assertThat(reply.isOk()).isFalse();
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void readsNoMoreThanAMegabyte() throws Exception {
        try (Recorder server = Recorder.answering(200, "x".repeat((1 << 20) + 1))) {
            assertThat(failure(fetch, Ask.get(server.url("/"))))
                    .contains(server.address())
                    .contains("1048576");
        }
    }

    /** The deadline is not over when the head is there. */
    @Test
    void givesUpOnAnAnswerThatNeverEnds() throws Exception {
        try (Fetch hasty = new Fetch(Duration.ofMillis(300), ProxySelector.of(null));
                Recorder server = Recorder.start(exchange -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write("begun".getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                    await();
                })) {
            assertThat(failure(hasty, Ask.get(server.url("/?token=s3cret"))))
                    .isEqualTo(server.address() + ": no answer within 300 ms");
            over.countDown();
        }
    }

    private void await() throws IOException {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void showsNoSecretThatAServerEchoes() throws Exception {
        try (Recorder server = Recorder.start(exchange -> Recorder.fixed(
                        401, "no such token: " + exchange.getRequestHeaders().getFirst("Authorization"))
                .answer(exchange))) {
            Ask ask = Ask.get(server.url("/")).withSecret("Authorization", "Bearer ", "s3cret");

            assertThat(fetch.fetch(ask).excerpt()).isEqualTo("no such token: Bearer ***");
            assertThat(ask.toString()).isEqualTo("GET " + server.address());
        }
    }

    @Test
    void namesTheServerThatIsNotThereAndNothingElseOfItsUrl() throws Exception {
        URI url;
        try (Recorder server = Recorder.answering(200, "")) {
            url = URI.create(server.address().replace("http://", "http://me:s3cret@") + "/hook/s3cret");
        }
        assertThat(failure(fetch, Ask.get(url))).startsWith("http://127.0.0.1:").doesNotContain("s3cret");
    }

    private static String failure(Fetch fetch, Ask ask) {
        NoReply failure = catchThrowableOfType(NoReply.class, () -> fetch.fetch(ask));
        assertThat(failure).isNotNull();
        return failure.text();
    }
}
