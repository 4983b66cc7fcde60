package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.Bodies;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code proxy-body-size}, {@code proxy-request-buffering}, {@code client-body-buffer-size} (spec of ingress-nginx, §3.4, §3.11). */
class BodyRulesTest {
    @AutoClose
    private final World world = new World();

    private static Rule taking(Bodies bodies) {
        return World.rule("/").withPolicy(Policy.NONE.withRelay(Relay.NONE.withBodies(bodies)));
    }

    /** Answers with how long the body was. */
    private static ScriptedUpstream counting() {
        return ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                String head = turn.hear();
                if (head.contains("chunked")) {
                    turn.say(ok(turn.with().readChunked()));
                } else {
                    int at = head.indexOf("Content-Length: ") + 16;
                    turn.say(ok(turn.with().read(Integer.parseInt(head.substring(at, head.indexOf('\r', at))))));
                }
            }
        });
    }

    @Test
    void refusesABodyThatIsAnnouncedToBeTooLargeBeforeAnybodyIsAsked() {
        ScriptedUpstream upstream = counting();
        world.routes(taking(new Bodies(10, true, 64 * 1024))).serve(World.WEB, upstream);

        Conversation client = world.client().send(request("POST", "/", "Content-Length: 11"));

        assertThat(client.readResponse().status()).isEqualTo(413);
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void takesABodyOfJustTheSize() {
        world.routes(taking(new Bodies(10, true, 64 * 1024))).serve(World.WEB, counting());

        Conversation client = world.client().send(request("POST", "/", "Content-Length: 10") + "0123456789");

        assertThat(client.readResponse().body()).isEqualTo("0123456789");
    }

    @Test
    void countsTheDataOfChunksAsTheyCome() {
        world.routes(taking(new Bodies(10, true, 64 * 1024))).serve(World.WEB, counting());

        Conversation fits = world.client().send(request("POST", "/", "Transfer-Encoding: chunked"));
        fits.send("5\r\nhello\r\n").send("5\r\nworld\r\n0\r\n\r\n");
        assertThat(fits.readResponse().body()).contains("hello", "world");

        Conversation tooLarge = world.client().send(request("POST", "/", "Transfer-Encoding: chunked"));
        tooLarge.send("5\r\nhello\r\n").send("6\r\nworld!\r\n");
        assertThat(tooLarge.readResponse().status()).isEqualTo(413);
        assertThat(tooLarge.isClosedByPeer()).isTrue();
    }

    @Test
    void refusesAtOnceWhatGrewTooLargeWithItsLastBytes() {
        ScriptedUpstream upstream = counting();
        world.routes(taking(new Bodies(10, true, 64 * 1024))).serve(World.WEB, upstream);

        Conversation client =
                world.client().send(request("POST", "/", "Transfer-Encoding: chunked", "Expect: 100-continue"));
        assertThat(client.readHead()).startsWith("HTTP/1.1 100");
        client.send("5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(413);
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void breaksOffWhereAnAnswerHasBegunBeforeTheBodyGrewTooLarge() {
        ScriptedUpstream eager = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
            turn.with().read(1000);
        });
        world.routes(taking(new Bodies(10, false, 64 * 1024))).serve(World.WEB, eager);

        Conversation client = world.client().send(request("POST", "/", "Transfer-Encoding: chunked") + "1\r\nx\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
        client.send("a\r\n0123456789\r\n");

        assertThat(client.isResetByPeer()).isTrue();
    }

    @Test
    void asksNobodyUntilASmallBodyIsWhole() {
        ScriptedUpstream upstream = counting();
        world.routes(taking(Bodies.DEFAULT)).serve(World.WEB, upstream);

        Conversation client = world.client().send(request("POST", "/", "Content-Length: 4", "Expect: 100-continue"));
        assertThat(client.readHead()).startsWith("HTTP/1.1 100");
        client.send("01");
        world.get("/", "Content-Length: 0"); // has passed, so the first two bytes have been seen
        assertThat(upstream.nextHead()).startsWith("GET");
        assertThat(upstream.unseenHeads()).isZero();

        client.send("23");
        assertThat(client.readResponse().body()).isEqualTo("0123");
    }

    @Test
    void passesALargerBodyAsItComes() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok("early"));
            turn.with().skip(1 << 20);
        });
        world.routes(taking(Bodies.DEFAULT)).serve(World.WEB, upstream);

        Conversation client = world.client().send(request("POST", "/", "Content-Length: " + (1 << 20)));
        client.send("x".repeat(200_000));

        assertThat(upstream.nextHead()).startsWith("POST");
        client.send("x".repeat((1 << 20) - 200_000));
        assertThat(client.readResponse().body()).isEqualTo("early");
    }

    @Test
    void asksAtOnceWhereBufferingIsOff() {
        ScriptedUpstream upstream = counting();
        world.routes(taking(Bodies.ANY)).serve(World.WEB, upstream);

        Conversation client = world.client().send(request("POST", "/", "Content-Length: 4") + "01");
        assertThat(upstream.nextHead()).startsWith("POST");

        client.send("23");
        assertThat(client.readResponse().body()).isEqualTo("0123");
    }

    @Test
    void doesNotWaitForASlowBodyForEver() {
        ScriptedUpstream upstream = counting();
        world.routes(taking(Bodies.DEFAULT)).serve(World.WEB, upstream);
        Conversation client = world.client().send(request("POST", "/", "Content-Length: 4", "Expect: 100-continue"));
        client.readHead();

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readResponse().status()).isEqualTo(408);
        assertThat(upstream.connections()).isZero();
    }
}
