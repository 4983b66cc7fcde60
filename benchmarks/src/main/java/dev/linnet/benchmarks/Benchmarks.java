package dev.linnet.benchmarks;

import dev.linnet.benchmarks.SideBySide.Plan;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Prints the tables of docs/benchmarks.md.
 *
 * <p>{@code side-by-side [--rounds N] [--seconds N] [--warm-up SECONDS] [SCENARIO]...} compares proxies, {@code cluster} measures
 * {@code linnet up}, {@code scale} a gateway with ten thousand Ingresses. Started by {@code benchmarks/run} from the repository's root.
 */
public final class Benchmarks {
    private static final Set<String> KNOWN = Set.of("side-by-side", "cluster", "scale");

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0 || !KNOWN.contains(args[0])) {
            System.err.println(
                    "benchmarks: name one of " + KNOWN
                            + " (for example: benchmarks/run side-by-side --rounds 10 --seconds 10 --warm-up 60 saturated tls)");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("linnet-benchmarks");
        if (args[0].equals("cluster")) {
            new LocalClusterFigures(folder).print(System.out);
            return;
        }
        if (args[0].equals("scale")) {
            new ScaleFigures(folder).print(System.out);
            return;
        }
        sideBySide(folder, new ArrayDeque<>(List.of(args).subList(1, args.length)));
    }

    private static void sideBySide(Path folder, Deque<String> arguments) throws Exception {
        int rounds = 10;
        int seconds = 10;
        int warmUp = 60;
        List<Scenario> scenarios = new ArrayList<>();
        while (!arguments.isEmpty()) {
            String argument = arguments.removeFirst();
            switch (argument) {
                case "--rounds" -> rounds = Integer.parseInt(arguments.removeFirst());
                case "--seconds" -> seconds = Integer.parseInt(arguments.removeFirst());
                case "--warm-up" -> warmUp = Integer.parseInt(arguments.removeFirst());
                default -> scenarios.add(Scenario.named(argument));
            }
        }
        System.out.println(Machine.words());
        Plan plan = new Plan(rounds, Duration.ofSeconds(seconds), Duration.ofSeconds(warmUp));
        try (SideBySide comparison = new SideBySide(folder, plan)) {
            comparison.start();
            for (Scenario scenario : scenarios.isEmpty() ? Scenario.ALL : scenarios) {
                table(System.out, scenario, plan, comparison.measure(scenario));
            }
        }
    }

    private static void table(PrintStream out, Scenario scenario, Plan plan, Map<String, List<Round>> rounds) {
        List<Round> ours = rounds.getOrDefault(Proxies.LINNET, List.of());
        out.printf(
                "%n### %s, %d rounds of %d s%n%n",
                scenario.title(), plan.rounds(), plan.round().toSeconds());
        out.println(
                "| proxy | requests/s | CPU µs/request | p50 µs | p99 µs | errors | to the canary | MB | noisy rounds | our CPU ÷ its | our requests/s ÷ its | our p99 ÷ its |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        rounds.forEach((name, its) -> out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.1f | %s | %s | %d | %s | %.0f | %d | %s | %s | %s |%n",
                name,
                median(its, Round::requestsPerSecond),
                median(its, Round::cpuMicros),
                known("%.0f", median(its, Round::p50Micros)),
                known("%.0f", median(its, Round::p99Micros)),
                its.stream().mapToLong(Round::errors).sum(),
                known("%.1f %%", 100 * median(its, Round::canaryShare)),
                median(its, Round::megabytes),
                its.stream().filter(Round::noisy).count(),
                Ratio.of(ours, its, Round::cpuMicros),
                Ratio.of(ours, its, Round::requestsPerSecond),
                Double.isNaN(median(its, Round::p99Micros)) ? "" : Ratio.of(ours, its, Round::p99Micros)));
        out.flush();
    }

    private static String known(String format, double figure) {
        return Double.isNaN(figure) ? "" : String.format(Locale.ROOT, format, figure);
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Ratio.median(rounds.stream().mapToDouble(figure).toArray());
    }
}
