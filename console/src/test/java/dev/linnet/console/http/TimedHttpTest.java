package dev.linnet.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TimedHttpTest {
    private static final Duration NEVER = Duration.ofHours(1);

    @SuppressWarnings("NullAway.Init")
    private ServerSocket server;

    @BeforeEach
    void opens() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void closes() throws IOException {
        server.close();
    }

    private CompletableFuture<HttpResponse<String>> ask(TimedHttp http) {
        return http.ask(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                .build());
    }

    private static void say(Socket client, String said) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(said.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
            })
    void endsAConversationWhereverTheOtherOneStops(String said) throws Exception {
        try (TimedHttp http = new TimedHttp(Duration.ofMillis(300), 100)) {
            CompletableFuture<HttpResponse<String>> asked = ask(http);
            try (Socket client = server.accept()) {
                say(client, said);

                assertThatThrownBy(() -> TimedHttp.answer(asked)).isInstanceOf(IOException.class);
                client.getInputStream().readAllBytes(); // ends, as the connection does
            }
        }
    }

    @Test
    void takesNoMoreThanIsAllowed() throws Exception {
        try (TimedHttp http = new TimedHttp(NEVER, 4)) {
            CompletableFuture<HttpResponse<String>> asked = ask(http);
            try (Socket client = server.accept()) {
                say(client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

                assertThatThrownBy(() -> TimedHttp.answer(asked)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void waitsForNobodyAtTheEnd() throws Exception {
        TimedHttp http = new TimedHttp(NEVER, 4);
        CompletableFuture<HttpResponse<String>> asked = ask(http);
        try (Socket _ = server.accept()) {
            http.close();

            assertThat(asked).failsWithin(9, TimeUnit.SECONDS);
        }
    }
}
