package dev.linnet.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What a gateway inside the cluster adds to a call between two Services, beside what a proxy of 95 lines of C adds, and what Pods cost its
 * memory. The latency is that of a request which is due at a fixed moment, whether or not the one before it has been answered.
 */
final class MeshFigures {
    private static final int PROXY_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final int CONNECTIONS = 16;
    private static final int RATE = 1_000;
    private static final int BACKEND = 18_081;
    private static final int FEW_PODS = 1_000;
    private static final double MEGABYTE = 1 << 20;

    private final Path folder;
    private final OwnGenerator generator;
    private final int rounds;
    private final int morePods;
    private final Duration round;
    private final Duration warmUp;

    /** A percentile of a round, of the three ways in turn. */
    private record Micros(double direct, double floor, double ours) {
        double byFloor() {
            return floor - direct;
        }

        double byUs() {
            return ours - direct;
        }
    }

    /** @throws IllegalArgumentException if an option is not known */
    MeshFigures(Path folder, List<String> arguments) {
        Options options = new Options(arguments, Set.of("--rounds", "--seconds", "--warm-up", "--pods"));
        this.folder = folder;
        this.generator = new OwnGenerator(folder, LOAD_CORE);
        this.rounds = options.number("--rounds", 10);
        this.round = Duration.ofSeconds(options.number("--seconds", 5));
        this.warmUp = Duration.ofSeconds(options.number("--warm-up", 40));
        this.morePods = options.number("--pods", 10_000);
    }

    void print(PrintStream out) throws Exception {
        out.printf("%s%n%n| inside the cluster | |%n|---|---|%n", Machine.words());
        Process backend = SideBySide.buildAndStartBackend(folder);
        int floorPort = FollowingGateway.freePort();
        Path floorLog = folder.resolve("floor.log");
        Process floor = Commands.start(
                PROXY_CORE, List.of(folder.resolve("floor").toString(), Integer.toString(floorPort)), floorLog);
        Ports.awaitListening(floor, "floor", floorLog);
        try {
            long bytes = measureHop(floorPort, out);
            measureMemory(bytes, out);
        } finally {
            Commands.stop(floor);
            Commands.stop(backend);
        }
    }

    private FollowingGateway gateway(MeshWorld world, String log) throws IOException, InterruptedException {
        return new FollowingGateway(world.kubeconfig(), folder.resolve(log), List.of("--mesh", "default"));
    }

    /** Returns what the gateway's heap held before it was asked for anything. */
    private long measureHop(int floorPort, PrintStream out) throws Exception {
        try (MeshWorld world = new MeshWorld(folder.resolve("few"), FEW_PODS);
                FollowingGateway gateway = gateway(world, "few.log")) {
            long before = gateway.liveBytes();
            gateway.pin(PROXY_CORE);
            measureHop(world.port(), floorPort, out);
            return before;
        }
    }

    private void measureHop(int port, int floorPort, PrintStream out) throws IOException, InterruptedException {
        load(port, 0, warmUp);
        load(floorPort, 0, Duration.ofSeconds(2));
        Micros[] medians = new Micros[rounds];
        Micros[] tails = new Micros[rounds];
        for (int i = 0; i < rounds; i++) {
            JsonNode direct = load(BACKEND, RATE, round);
            JsonNode byFloor = load(floorPort, RATE, round);
            JsonNode byUs = load(port, RATE, round);
            medians[i] = micros("p50", direct, byFloor, byUs);
            tails[i] = micros("p99", direct, byFloor, byUs);
        }
        print(out, "p50", medians);
        print(out, "p99", tails);
    }

    private static Micros micros(String percentile, JsonNode direct, JsonNode floor, JsonNode ours) {
        return new Micros(
                direct.path(percentile).asDouble(),
                floor.path(percentile).asDouble(),
                ours.path(percentile).asDouble());
    }

    private static void print(PrintStream out, String percentile, Micros... micros) {
        out.printf(
                Locale.ROOT,
                "| one hop more, %s at %,d requests/s: added by the C floor, added by Linnet, the second ÷ the first | %.0f µs, %.0f µs, %s |%n",
                percentile,
                RATE,
                median(micros, Micros::byFloor),
                median(micros, Micros::byUs),
                ratio(micros));
        out.flush();
    }

    /** Where a round cannot tell the floor's hop from none, neither can it tell how many times as long ours takes. */
    private static String ratio(Micros... micros) {
        double[] pairs = Arrays.stream(micros)
                .filter(each -> each.byFloor() > 0)
                .mapToDouble(each -> each.byUs() / each.byFloor())
                .toArray();
        return pairs.length == micros.length ? Ratio.of(pairs).toString() : "lost in noise";
    }

    private static double median(Micros[] micros, ToDoubleFunction<Micros> figure) {
        return Ratio.median(Arrays.stream(micros).mapToDouble(figure).toArray());
    }

    private void measureMemory(long bytesOfFew, PrintStream out) throws Exception {
        try (MeshWorld many = new MeshWorld(folder.resolve("many"), FEW_PODS + morePods);
                FollowingGateway gateway = gateway(many, "many.log")) {
            double more = (gateway.liveBytes() - bytesOfFew) / MEGABYTE;
            out.printf(
                    Locale.ROOT,
                    "| live heap per 1,000 Pods (of %,d more) | %.2f MB |%n",
                    morePods,
                    more * 1_000 / morePods);
        }
    }

    private JsonNode load(int port, int rate, Duration time) throws IOException, InterruptedException {
        return generator.run(new OwnGenerator.Load(port, CONNECTIONS, rate, time, List.of()));
    }
}
