package dev.linnet.gateway;

import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.SpanBook.Kept;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.GlobalPolicy;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway that tells a collector of its requests. */
final class TracedWorld implements AutoCloseable {
    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    static final String PARENT = "b7ad6b7169203331";
    static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
    private static final Pattern TRACEPARENT =
            Pattern.compile("\r\ntraceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-0([0-9a-f])\r\n");

    final World world = new World();
    final SpanBook book = new SpanBook();

    void obey(GlobalPolicy policy, Rule... rules) {
        world.gateway.routes().install(RouteTable.of(List.of(rules)), policy, Map.of());
    }

    /** All requests, as these options say. */
    void trace(String... keys) {
        obey(book.policy(keys), rule("/"));
    }

    /** What an endpoint is told of its span, if the head says it once. */
    record Told(String trace, String span, boolean sampled) {
        static Told by(String head) {
            Matcher matcher = TRACEPARENT.matcher(head);
            assertThat(matcher.find()).as(head).isTrue();
            Told told = new Told(matcher.group(1), matcher.group(2), (Integer.parseInt(matcher.group(3), 16) & 1) != 0);
            assertThat(matcher.find()).as("another one").isFalse();
            return told;
        }

        static Told of(Kept span) {
            return new Told(span.trace(), span.id(), true);
        }
    }

    @Override
    public void close() {
        world.close();
        book.close();
    }
}
