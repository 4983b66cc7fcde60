package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Mirror.Target;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies of requests (spec of ingress-nginx, §4.8; spec of Istio, §1.16, MR-1 to MR-5). */
class MirrorTest {
    private static final ServiceRef SHADOW = new ServiceRef("default", "shadow", "80");

    private static final String CHUNKED = "5\r\nhello\r\n5\r\n, you\r\n0\r\n\r\n";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static Optional<Template> template(String text) {
        return Template.parse(text);
    }

    private void mirror(Mirror mirror, ScriptedUpstream primary, ScriptedUpstream... shadows) {
        Policy policy = Policy.NONE.withRelay(Relay.NONE.withMirrors(List.of(mirror)));
        world.routes(World.rule("/").withPolicy(policy))
                .serve(World.WEB, primary)
                .serve(SHADOW, shadows);
    }

    /** Reads bodies of the length that heads announce. */
    private static ScriptedUpstream reader(String answer) {
        return ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                String head = turn.hear();
                String length = head.replaceAll("(?is).*content-length: (\\d+)\r\n.*", "$1");
                String body = length.equals(head) ? "" : turn.with().read(Integer.parseInt(length));
                turn.say(ok(answer + body));
            }
        });
    }

    /** How many copies ended this way, once that many have. */
    private double awaitFate(String outcome, double count) {
        await().until(() -> fate(outcome) >= count);
        return fate(outcome);
    }

    private double fate(String outcome) {
        return world.gateway
                .metrics()
                .text()
                .lines()
                .filter(line -> line.startsWith("linnet_mirrored_requests_total{")
                        && line.contains("outcome=\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void copiesHaveAllThatTheOriginalHas() {
        ScriptedUpstream primary = reader("primary ");
        ScriptedUpstream shadow = reader("shadow ");
        mirror(Mirror.of(SHADOW), primary, shadow);
        Conversation client = world.client();

        client.send(request("POST", "/some?q=1", "X-Tenant: shop", "Content-Length: 5") + "hello");

        assertThat(client.readResponse().body()).isEqualTo("primary hello");
        String copy = shadow.nextHead();
        assertThat(copy)
                .isEqualTo(primary.nextHead())
                .startsWith("POST /some?q=1 HTTP/1.1\r\n")
                .contains("\r\nHost: app.example.com\r\n", "\r\nX-Tenant: shop\r\n")
                .containsPattern("\r\nX-Request-ID: [0-9a-f]{32}\r\n");
        awaitFate("answered", 1);
    }

    /** Whoever releases a version to copies alone wants to know how it does; nobody else counts them. */
    @Test
    void countsHowTheMirrorAnswersApartFromTheRequestsOfClients() {
        ScriptedUpstream primary = reader("primary ");
        ScriptedUpstream shadow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        });
        mirror(Mirror.of(SHADOW), primary, shadow);
        Conversation client = world.client();

        client.send(request("GET", "/"));

        assertThat(client.readResponse().body()).isEqualTo("primary ");
        awaitFate("answered", 1);
        assertThat(world.numbers().series())
                .filteredOn(series -> series.side().equals("mirror"))
                .singleElement()
                .satisfies(copies -> {
                    assertThat(copies.service()).isEqualTo("default/shadow:80");
                    assertThat(copies.status()).isEqualTo(Map.of("5xx", 1L));
                });
        assertThat(world.gateway.metrics().text())
                .contains("nginx_ingress_controller_requests{")
                .doesNotContain("status=\"500\"");
    }

    @Test
    void copiesHaveBodiesInChunks() {
        ScriptedUpstream primary = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            assertThat(turn.with().readChunked()).isEqualTo(CHUNKED);
            turn.say(ok("primary"));
        });
        CountDownLatch heard = new CountDownLatch(1);
        ScriptedUpstream shadow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            assertThat(turn.with().readChunked()).isEqualTo(CHUNKED);
            heard.countDown();
            turn.say(ok("ignored"));
        });
        mirror(Mirror.of(SHADOW), primary, shadow);
        Conversation client = world.client();

        client.send(request("POST", "/", "Transfer-Encoding: chunked") + CHUNKED);

        assertThat(client.readResponse().body()).isEqualTo("primary");
        assertThat(primary.failures()).isEmpty();
        awaitFate("answered", 1);
        assertThat(heard.getCount()).isZero();
        assertThat(shadow.failures()).isEmpty();
    }

    @Test
    void copiesGoToAnotherHostWithoutTheirBodiesIfThatIsWanted() {
        ScriptedUpstream primary = reader("primary ");
        ScriptedUpstream shadow = reader("shadow ");
        Url url = new Url(
                false,
                template("127.0.0.1").orElseThrow(),
                shadow.endpoint().port(),
                template("/copy$request_uri").orElseThrow());
        mirror(new Mirror(new Target.Address(url), Mirror.ALL, Optional.empty(), false), primary);
        Conversation client = world.client();

        client.send(request("POST", "/some?q=1", "Content-Length: 5") + "hello");

        assertThat(client.readResponse().body()).isEqualTo("primary hello");
        assertThat(shadow.nextHead())
                .startsWith("POST /copy/some?q=1 HTTP/1.1\r\n")
                .contains("\r\nHost: 127.0.0.1:" + shadow.endpoint().port() + "\r\n")
                .contains("\r\nX-Forwarded-Host: app.example.com\r\n")
                .doesNotContain("Content-Length");
        awaitFate("answered", 1);
        shadow.close();
    }

    @Test
    void copiesHaveTheirOwnHost() {
        ScriptedUpstream shadow = ScriptedUpstream.saying("shadow");
        mirror(
                new Mirror(new Target.Backend(SHADOW), Mirror.ALL, template("$host-shadow"), true),
                ScriptedUpstream.saying("primary"),
                shadow);

        assertThat(world.get("/").body()).isEqualTo("primary");

        assertThat(shadow.nextHead()).contains("\r\nHost: app.example.com-shadow\r\n");
    }

    @ParameterizedTest(name = "MR-1 to MR-4: {0} of a million parts")
    @CsvSource({"1000000, 400, 0", "500000, 200, 50", "100000, 40, 30", "0, 0, 0"})
    void soManyAreCopied(int parts, int expected, int tolerance) {
        ScriptedUpstream shadow = ScriptedUpstream.saying("shadow");
        mirror(
                new Mirror(new Target.Backend(SHADOW), parts, Optional.empty(), true),
                ScriptedUpstream.saying("primary"),
                shadow);
        Conversation client = world.client();

        for (int i = 0; i < 400; i++) {
            assertThat(client.send(request("GET", "/")).readResponse().body()).isEqualTo("primary");
        }

        assertThat(awaitFate("answered", expected - tolerance)).isCloseTo(expected, within((double) tolerance));
    }

    @Test
    void nobodyWaitsForAMirrorThatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        ScriptedUpstream shadow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            never.await();
        });
        mirror(Mirror.of(SHADOW), ScriptedUpstream.saying("primary"), shadow);
        Conversation client = world.client();

        for (int i = 0; i < 300; i++) {
            assertThat(client.send(request("GET", "/")).readResponse().status()).isEqualTo(200);
        }

        assertThat(fate("crowded_out"))
                .as("copies beyond those that may be on their way")
                .isEqualTo(300 - 256);
        never.countDown();
    }

    @Test
    void aMirrorThatIsNotThereHarmsNobody() {
        mirror(Mirror.of(SHADOW), ScriptedUpstream.saying("primary"));

        assertThat(world.get("/").body()).isEqualTo("primary");

        awaitFate("failed", 1);
        assertThat(world.numbers().series())
                .filteredOn(series -> !series.side().equals("mirror"))
                .singleElement()
                .satisfies(series -> assertThat(series.failures()).isEmpty());
    }

    @Test
    void aMirrorThatReadsSlowlyLosesTheCopyAndNotTheOriginal() {
        int length = 32 << 20;
        CountDownLatch never = new CountDownLatch(1);
        ScriptedUpstream primary = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().skip(length);
            turn.say(ok("all of it"));
        });
        ScriptedUpstream shadow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            never.await();
        });
        mirror(Mirror.of(SHADOW), primary, shadow);
        Conversation client = world.client();

        client.send(request("POST", "/", "Content-Length: " + length));
        byte[] piece = new byte[1 << 20];
        for (int sent = 0; sent < length; sent += piece.length) {
            client.send(piece);
        }

        assertThat(client.readResponse().body()).isEqualTo("all of it");
        awaitFate("too_slow", 1);
        never.countDown();
    }

    @Test
    void aCopyOfARequestThatIsGivenUpEndsToo() {
        ScriptedUpstream primary = reader("primary ");
        ScriptedUpstream shadow = reader("shadow ");
        mirror(Mirror.of(SHADOW), primary, shadow);
        Conversation client = world.client();

        client.send(request("POST", "/", "Content-Length: 5") + "hel");
        shadow.nextHead();
        client.close();

        awaitFate("cut_short", 1);
    }

    @Test
    void aKeptConnectionThatWasClosedMeanwhileCostsNoCopy() {
        ScriptedUpstream shadow = ScriptedUpstream.playing((turn, number) -> {
            turn.hear();
            turn.say(ok("copy " + number)); // and closes
        });
        mirror(Mirror.of(SHADOW), ScriptedUpstream.saying("primary"), shadow);

        for (int i = 1; i <= 20; i++) {
            assertThat(world.get("/").status()).isEqualTo(200);
            awaitFate("answered", i);
        }
        assertThat(fate("failed")).isZero();
    }
}
