package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.Pace;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that go no faster than the author of a route wants ({@code limit-rate}, spec of ingress-nginx, §4.4). */
class PaceTest {
    private static final int KILOBYTE = 1024;
    private static final int BODY = 200 * KILOBYTE;

    @AutoClose
    private final World world = new World();

    private void pace(Pace pace) {
        world.routes(World.rule("/").withPolicy(Policy.NONE.withRelay(Relay.NONE.withPace(pace))));
    }

    private static String length(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(String body) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
                + body + "\r\n0\r\n\r\n";
    }

    /** How long an answer takes on the gateway's clock, which goes a quarter of a second at a time. */
    private Duration timeOf() throws Exception {
        CompletableFuture<Integer> answer =
                CompletableFuture.supplyAsync(() -> world.get("/").body().length());
        Duration time = Duration.ZERO;
        while (true) {
            try {
                assertThat(answer.get(20, TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(BODY);
                return time;
            } catch (TimeoutException _) {
                world.clock.advance(Duration.ofMillis(250));
                time = time.plusMillis(250);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesTheTimeThatItsBytesTake(boolean chunked) throws Exception {
        String body = "x".repeat(BODY);
        world.serve(World.WEB, ScriptedUpstream.answering(_ -> chunked ? chunked(body) : length(body)));
        pace(new Pace(20 * KILOBYTE, 0));

        assertThat(timeOf())
                .as("200 kB at 20 kB/s, of which the first and the last second are free")
                .isGreaterThan(Duration.ofSeconds(7));
        assertThat(timeOf())
                .as("on a kept connection, which had been read from in large pieces")
                .isGreaterThan(Duration.ofSeconds(7));
    }

    @Test
    void slowsDownOnlyWhatIsNotFree() throws Exception {
        world.serve(World.WEB, ScriptedUpstream.answering(_ -> length("x".repeat(BODY))));
        pace(new Pace(20 * KILOBYTE, 2 * BODY));

        assertThat(timeOf()).isLessThan(Duration.ofSeconds(7));
    }
}
