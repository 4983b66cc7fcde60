package dev.linnet.gateway;

import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.policy.GlobalPolicy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How spans get to a collector, or not. */
final class CollectorTest {
    @AutoClose
    private final TracedWorld traced = new TracedWorld();

    private final World world = traced.world;
    private final SpanBook book = traced.book;

    @Test
    void changesTheCollectorWhileItServes() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        traced.trace();
        world.get("/");
        book.nextRequest();

        try (SpanBook other = new SpanBook()) {
            traced.obey(other.policy(), rule("/"));
            world.get("/");
            assertThat(other.nextRequest()).hasSize(2);
            traced.obey(GlobalPolicy.DEFAULT, rule("/"));
            world.get("/");
            assertThat(other.unseen()).isZero();
        }
        assertThat(book.unseen()).isZero();
    }

    @Test
    void losesSpansRatherThanTimeWhileTheCollectorHangs() throws Exception {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        try (ServerSocket hangs = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            traced.obey(SpanBook.policy(hangs.getLocalPort(), "otel-max-queuesize", "4"), rule("/"));

            for (int i = 0; i < 40; i++) {
                assertThat(world.get("/").body()).isEqualTo("hello");
            }

            await().until(() -> fate("dropped") >= 40);
            long before = System.nanoTime();
            world.gateway.stop(Duration.ofSeconds(10));
            // far from the three seconds that it takes, and less than two calls that nobody ends
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void countsSpansThatNobodyTakes() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        traced.obey(SpanBook.policy(world.refusing().port()), rule("/"));

        assertThat(world.get("/").body()).isEqualTo("hello");

        await().until(() -> fate("failed") == 2);
        traced.trace();
        assertThat(world.get("/").body()).isEqualTo("hello");
        assertThat(book.nextRequest()).hasSize(2);
        await().until(() -> fate("exported") == 2);
        assertThat(fate("dropped")).isZero();
    }

    @Test
    void handsOverWhatIsFinishedBeforeItStops() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        traced.trace("otel-schedule-delay-millis", "600000");
        world.get("/");

        world.gateway.stop(Duration.ofSeconds(10));

        assertThat(book.nextRequest()).hasSize(2);
    }

    private double fate(String outcome) {
        return world.gateway
                .metrics()
                .text()
                .lines()
                .filter(line -> line.startsWith("linnet_spans_total{") && line.contains("outcome=\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
