package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.SpanBook.Kept;
import dev.linnet.gateway.TracedWorld.Told;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.HeaderLine;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With which trace a request goes on, and how endpoints are told of it. */
final class TracePropagationTest {
    @AutoClose
    private final TracedWorld traced = new TracedWorld();

    private final World world = traced.world;
    private final SpanBook book = traced.book;

    @Test
    void goesOnWithTheTraceOfItsCaller() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace();

        world.get("/", TracedWorld.SAMPLED, "tracestate: vendor=1", "baggage: a=b");

        List<Kept> spans = book.nextRequest();
        assertThat(spans).extracting(Kept::trace).containsOnly(TracedWorld.TRACE);
        assertThat(spans.getLast().parent()).isEqualTo(TracedWorld.PARENT);
        String head = upstream.nextHead();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head).contains("\r\ntracestate: vendor=1\r\n", "\r\nbaggage: a=b\r\n");
    }

    @Test
    void beginsATraceOfItsOwnWhereCallersAreNotTrusted() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace("opentelemetry-trust-incoming-span", "false");

        world.get("/", TracedWorld.SAMPLED, "tracestate: vendor=1");

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEmpty();
        assertThat(spans.getLast().trace()).isNotEqualTo(TracedWorld.TRACE);
        String head = upstream.nextHead();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head).doesNotContain(TracedWorld.TRACE).doesNotContain("tracestate");
    }

    @Test
    void answersInTheLineOfZipkinWhoeverSpeaksIt() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace();

        world.get("/", "b3: " + TracedWorld.TRACE + "-" + TracedWorld.PARENT + "-1");

        List<Kept> spans = book.nextRequest();
        assertThat(spans).extracting(Kept::trace).containsOnly(TracedWorld.TRACE);
        assertThat(spans.getLast().parent()).isEqualTo(TracedWorld.PARENT);
        String head = upstream.nextHead();
        String id = spans.getFirst().id();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head)
                .contains("\r\nb3: " + TracedWorld.TRACE + "-" + id + "-1\r\n")
                .doesNotContain(TracedWorld.PARENT);
    }

    @Test
    void answersInTheLinesOfZipkinWhoeverSpeaksThem() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace();

        world.get(
                "/",
                "X-B3-TraceId: " + TracedWorld.TRACE,
                "X-B3-SpanId: " + TracedWorld.PARENT,
                "X-B3-ParentSpanId: 00f067aa0ba902b7",
                "X-B3-Sampled: 1");

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEqualTo(TracedWorld.PARENT);
        assertThat(upstream.nextHead())
                .contains(
                        "\r\nX-B3-TraceId: " + TracedWorld.TRACE + "\r\n",
                        "\r\nX-B3-SpanId: " + spans.getFirst().id() + "\r\n",
                        "\r\nX-B3-Sampled: 1\r\n",
                        "\r\ntraceparent: 00-" + TracedWorld.TRACE + "-"
                                + spans.getFirst().id() + "-01\r\n")
                .doesNotContain(TracedWorld.PARENT)
                .doesNotContainIgnoringCase("x-b3-parentspanid");
    }

    @Test
    void leavesItToTheCallerWhetherARequestIsTraced() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace("otel-sampler", "AlwaysOff");

        world.get("/");
        world.get("/", TracedWorld.SAMPLED);

        assertThat(book.nextRequest()).extracting(Kept::trace).containsOnly(TracedWorld.TRACE);
        assertThat(Told.by(upstream.nextHead())).matches(told -> !told.sampled());
        traced.trace("otel-sampler", "AlwaysOn");

        world.get("/", TracedWorld.SAMPLED.replace("-01", "-00"));
        world.get("/");

        assertThat(book.nextRequest()).extracting(Kept::trace).doesNotContain(TracedWorld.TRACE);
        assertThat(book.unseen()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"b3: 0", "X-B3-Sampled: 0", "X-B3-Sampled: false"})
    void leavesItToACallerWhoTellsOfNoTraceToo(String line) {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace("otel-sampler", "AlwaysOn");

        world.get("/", line);
        world.get("/");

        assertThat(Told.by(upstream.nextHead())).matches(told -> !told.sampled());
        assertThat(book.nextRequest()).hasSize(2);
        assertThat(book.unseen()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"b3: 1", "b3: d", "X-B3-Sampled: 1", "X-B3-Flags: 1"})
    void beginsATraceForACallerWhoWantsOne(String line) {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace("otel-sampler", "AlwaysOff");

        world.get("/", line);

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEmpty();
        String head = upstream.nextHead();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head)
                .containsIgnoringCase("\r\n" + line.substring(0, 2) + (line.startsWith("b3") ? ": " : "b3-traceid: "));
    }

    @Test
    void saysOnceWhatARoutesAuthorSaysOfTheTrace() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        HeadEdits.Lines own = new HeadEdits.Lines(
                List.of(), List.of(new HeaderLine("TraceParent", TracedWorld.SAMPLED.substring(13))), List.of());
        Rule rule = World.rule("/");
        traced.obey(book.policy(), rule.withPolicy(rule.policy().withEdits(new HeadEdits(own, HeadEdits.Lines.NONE))));

        world.get("/");

        assertThat(List.of(upstream.nextHead().toLowerCase(Locale.ROOT).split("\r\ntraceparent: ")))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("00-" + TracedWorld.TRACE);
    }

    @Test
    void decidesAloneWhereItIsToldTo() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace(
                "otel-sampler", "TraceIdRatioBased", "otel-sampler-ratio", "0.0", "otel-sampler-parent-based", "false");

        world.get("/", TracedWorld.SAMPLED);
        traced.trace(
                "otel-sampler", "TraceIdRatioBased", "otel-sampler-ratio", "1.0", "otel-sampler-parent-based", "false");
        world.get("/", TracedWorld.SAMPLED.replace("-01", "-00"));

        assertThat(book.nextRequest()).extracting(Kept::trace).containsOnly(TracedWorld.TRACE);
        assertThat(book.unseen()).isZero();
        assertThat(Told.by(upstream.nextHead()))
                .matches(told -> told.trace().equals(TracedWorld.TRACE) && !told.sampled());
        assertThat(Told.by(upstream.nextHead())).matches(Told::sampled);
    }

    @Test
    void passesHeadersOnAsTheyAreWhileNothingIsTraced() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream);
        String single = "b3: " + TracedWorld.TRACE + "-" + TracedWorld.PARENT + "-1";

        world.get("/", TracedWorld.SAMPLED, "tracestate: vendor=1", single, "X-B3-TraceId: " + TracedWorld.TRACE);

        assertThat(upstream.nextHead())
                .contains(
                        "\r\n" + TracedWorld.SAMPLED + "\r\n",
                        "\r\ntracestate: vendor=1\r\n",
                        "\r\n" + single + "\r\n",
                        "\r\nX-B3-TraceId: " + TracedWorld.TRACE + "\r\n");
    }
}
