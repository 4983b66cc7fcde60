package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.http.Corpus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What could be smuggled reaches nobody: neither to an endpoint nor back to a client. */
class MalformedTest {
    @Test
    void refusesEachMalformedHeadAndClosesTheConnection() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("reached");
            world.everythingTo(upstream);

            Corpus.requests().forEach(entry -> {
                try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
                    String answer = client.send(entry.bytes()).readToEnd();
                    assertThat(answer)
                            .as(entry.toString())
                            .startsWith("HTTP/1.1 " + entry.why().status() + " ")
                            .contains("Connection: close\r\n");
                    assertThat(answer.split("HTTP/1.1 4")).as(entry.toString()).hasSize(2);
                }
            });
            assertThat(upstream.connections()).isZero();
            assertThat(world.failures("bad_request"))
                    .isEqualTo(Corpus.requests().count());
        }
    }

    @Test
    void refusesThemAlsoBehindAGoodRequest() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("reached");
            world.everythingTo(upstream);

            Corpus.requests().limit(100).forEach(entry -> {
                try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
                    client.send(request("GET", "/good")).send(entry.bytes());
                    assertThat(client.readResponse().body()).isEqualTo("reached");
                    if (!entry.escaped().startsWith("\\r\\n")) {
                        assertThat(client.readToEnd()).as(entry.toString()).startsWith("HTTP/1.1 4");
                    }
                    assertThat(upstream.nextHead()).startsWith("GET /good");
                }
            });
            assertThat(upstream.unseenHeads()).isZero();
        }
    }

    /** An endpoint may have seen the beginning by then. What it must not see is an end. */
    @Test
    void refusesEachMalformedBodyBeforeAnEndpointCanTakeItForWhole() {
        Corpus.bodies().forEach(entry -> {
            List<String> seen = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
                try {
                    turn.hear();
                    while (true) {
                        seen.add(turn.with().read(1)); // until the gateway closes
                    }
                } finally {
                    ended.complete(null);
                }
            });
            try (World world = new World()) {
                world.everythingTo(upstream);
                Conversation client = world.client();

                client.send(request("POST", "/", "Transfer-Encoding: chunked")).send(entry.bytes());

                assertThat(client.readToEnd())
                        .as(entry.toString())
                        .startsWith("HTTP/1.1 400 ")
                        .contains("Connection: close\r\n");
                assertThat(world.failures("bad_request")).as(entry.toString()).isOne();
                if (upstream.connections() > 0) {
                    ended.orTimeout(10, TimeUnit.SECONDS).join();
                }
            }
            assertThat(String.join("", seen)).as(entry.toString()).doesNotContain("0\r\n\r\n");
        });
    }

    @Test
    void answers502ToEachMalformedResponse() {
        Corpus.responses().forEach(entry -> {
            try (World world = new World()) {
                ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
                    turn.hear();
                    turn.with().send(entry.bytes());
                    turn.with().readToEnd();
                });
                world.everythingTo(upstream);

                Conversation.Response response = world.get("/");

                assertThat(response.status()).as(entry.toString()).isEqualTo(502);
                assertThat(upstream.connections())
                        .as("malformed answers are not asked for twice")
                        .isOne();
                assertThat(world.failures("bad_response")).isOne();
            }
        });
    }

    @Test
    void limitsHeads() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.saying("reached"));

            assertThat(world.get("/" + "a".repeat(9000)).status()).isEqualTo(414);
            assertThat(world.client().send("GET /" + "a".repeat(40_000)).readToEnd())
                    .startsWith("HTTP/1.1 414");
            assertThat(world.client()
                            .send(request("GET", "/", "X: " + "a".repeat(40_000)))
                            .readToEnd())
                    .startsWith("HTTP/1.1 431");
            assertThat(world.client()
                            .send(request("GET", "/", "X: y\r\n".repeat(200).strip()))
                            .readToEnd())
                    .startsWith("HTTP/1.1 431");
            assertThat(world.get("/", "X: " + "a".repeat(32_000)).status()).isEqualTo(200);
        }
    }

    @Test
    void limitsResponseHeads() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(
                    _ -> "HTTP/1.1 200 OK\r\nX: " + "a".repeat(40_000) + "\r\nContent-Length: 0\r\n\r\n"));

            assertThat(world.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void refusesASwitchOfProtocolsThatNobodyAskedFor() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(_ -> "HTTP/1.1 101 Switching Protocols\r\n\r\n"));

            assertThat(world.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void endsAnEndlessRowOfInterimResponses() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(_ -> "HTTP/1.1 102 Processing\r\n\r\n".repeat(100)));

            assertThat(world.client().send("GET / HTTP/1.0\r\n\r\n").readToEnd())
                    .startsWith("HTTP/1.1 502");
        }
    }
}
