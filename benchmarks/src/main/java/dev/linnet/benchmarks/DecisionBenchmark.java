package dev.linnet.benchmarks;

import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.Dealer;
import dev.linnet.routing.MatchRule;
import dev.linnet.routing.MatchRule.Condition;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Route;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.TextRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to choose between primary and canary. The share of the canary is checked at the end: a decision that is quick and wrong
 * is no figure.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class DecisionBenchmark {
    private static final double SHARE = 0.1;

    /** Which features the canary uses. */
    public enum Kind {
        /** A header rule and a cookie rule that say nothing, then a draw. */
        HEADER_COOKIE_WEIGHT,
        STICKY,
        EXACT,
        /** A combined rule that does not hold, then a draw. */
        MATCH
    }

    @Param({"HEADER_COOKIE_WEIGHT", "STICKY", "EXACT", "MATCH"})
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Kind kind;

    @SuppressWarnings("NullAway.Init")
    private Route route;

    @SuppressWarnings("NullAway.Init")
    private Dealer dealer;

    private final TextRequest[] requests = new TextRequest[4096];
    private int next;
    private long decisions;
    private long canaries;

    @Setup(Level.Trial)
    public void prepare() {
        Rule rule = new Rule(
                "app.example.com",
                new PathMatch.Prefix("/"),
                new ServiceRef("shop", "web", "80"),
                List.of(new CanarySide(
                        new ServiceRef("shop", "web-canary", "80"),
                        selector(),
                        new ObjectRef("Ingress", "shop", "web-canary"))),
                new ObjectRef("Ingress", "shop", "web"),
                Limits.DEFAULT);
        for (int i = 0; i < requests.length; i++) {
            requests[i] = TextRequest.of(
                    "http://app.example.com/api/items?page=3",
                    List.of(
                            Map.entry("User-Agent", "benchmark/1.0 (a usual length)"),
                            Map.entry("Accept", "text/html,application/json;q=0.9"),
                            Map.entry("Cookie", "session=abcdef; theme=dark; user=u" + i),
                            Map.entry("X-Request-Start", "1700000000")));
        }
        if (!(RouteTable.of(List.of(rule)).find(requests[0]) instanceof Route found)) {
            throw new IllegalStateException("the route is not found");
        }
        route = found;
        dealer = found.newDealer(new SplittableRandom(1));
    }

    private CanarySelector selector() {
        CanarySelector plain = new CanarySelector(
                Optional.of(new HeaderRule.AlwaysNever("X-Canary")), Optional.of("canary"), new Share(10, 100));
        return switch (kind) {
            case HEADER_COOKIE_WEIGHT -> plain;
            case STICKY -> plain.withSpread(new Spread.Sticky(new UserKey.Cookie("user")));
            case EXACT -> plain.withSpread(new Spread.Exact());
            case MATCH ->
                plain.withMatches(List.of(new MatchRule(
                        "query:page=4 method=GET",
                        List.of(new Condition.QueryIs("page", "4"), new Condition.MethodIs("GET")))));
        };
    }

    @Benchmark
    public boolean choose() {
        boolean canary =
                route.choose(requests[next++ & 4095], _ -> true, dealer).isCanary();
        decisions++;
        canaries += canary ? 1 : 0;
        return canary;
    }

    /** Four thousand users are a sample: their share may be a little off. */
    @TearDown(Level.Trial)
    public void check() {
        double share = (double) canaries / decisions;
        if (Math.abs(share - SHARE) > 0.02) {
            throw new IllegalStateException("the canary got " + share + " (expected: about " + SHARE + ")");
        }
    }
}
