package dev.linnet.benchmarks;

import dev.linnet.gateway.balance.Balancer;
import dev.linnet.gateway.balance.Candidates;
import dev.linnet.gateway.balance.Load;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.Scheduler;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** What it costs to choose an endpoint. At the end every endpoint must have had about its share. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EndpointBenchmark {
    /** How endpoints are chosen. */
    public enum Kind {
        RR,
        LC,
        MH,
        CHASH
    }

    @Param({"RR", "LC", "MH", "CHASH"})
    @SuppressWarnings("NullAway.Init") // set by JMH
    public Kind kind;

    @Param({"3", "100"})
    public int endpoints;

    private final SplittableRandom keys = new SplittableRandom(1);

    @SuppressWarnings("NullAway.Init")
    private Balancer balancer;

    private Candidates candidates = Candidates.NONE;
    private long[] chosen = {};

    @Setup(Level.Trial)
    public void prepare() {
        Balancing balancing = switch (kind) {
            case RR -> new Balancing.By(Scheduler.RR);
            case LC -> new Balancing.By(Scheduler.LC);
            case MH -> new Balancing.By(Scheduler.MH);
            case CHASH -> new Balancing.Hashed(KeyExpression.of("$request_uri"));
        };
        balancer = Balancer.of(balancing, Scheduler.RR, new SplittableRandom(2));
        List<Endpoint> all = IntStream.rangeClosed(1, endpoints)
                .mapToObj(i -> new Endpoint("10.0.0." + i, 8080, ""))
                .toList();
        candidates = Candidates.NONE.successor(all, _ -> new Load(), 0);
        chosen = new long[endpoints];
    }

    @Benchmark
    public int choose() {
        int next = balancer.next(candidates, List.of(), keys.nextInt(), 0);
        chosen[next]++;
        return next;
    }

    /** The ring is the least even: with 160 points for each endpoint some have twice as much as others. */
    @TearDown(Level.Trial)
    public void check() {
        long all = 0;
        for (long count : chosen) {
            all += count;
        }
        for (long count : chosen) {
            double share = (double) count * endpoints / all;
            if (share < 0.5 || share > 2) {
                throw new IllegalStateException("an endpoint has had " + share + " of its share");
            }
        }
    }
}
