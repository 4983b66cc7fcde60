package dev.linnet.benchmarks;

import dev.linnet.benchmarks.SideBySide.Plan;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Prints the tables of docs/benchmarks.md.
 *
 * <p>{@code side-by-side [ROUNDS] [SECONDS] [WARM-UP SECONDS]} compares proxies, {@code cluster} measures {@code linnet up}. Started by {@code benchmarks/run} from
 * the repository's root.
 */
public final class Benchmarks {
    private static final Set<String> KNOWN = Set.of("side-by-side", "cluster");

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0 || !KNOWN.contains(args[0])) {
            System.err.println(
                    "benchmarks: name one of " + KNOWN + " (for example: benchmarks/run side-by-side 10 10 60)");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("linnet-benchmarks");
        if (args[0].equals("cluster")) {
            new LocalClusterFigures(folder).print(System.out);
            return;
        }
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        Duration round = Duration.ofSeconds(args.length > 2 ? Integer.parseInt(args[2]) : 10);
        Duration warmUp = Duration.ofSeconds(args.length > 3 ? Integer.parseInt(args[3]) : 60);
        System.out.println(Machine.words());
        Plan saturated = new Plan(rounds, round, warmUp, 64, 0);
        table(System.out, "64 connections, saturated", folder("saturated", folder), saturated);
        Plan steady = new Plan(rounds, round, warmUp, 64, 30_000);
        table(System.out, "64 connections, 30,000 requests/s", folder("steady", folder), steady);
    }

    private static Path folder(String name, Path parent) throws Exception {
        return Files.createDirectory(parent.resolve(name));
    }

    private static void table(PrintStream out, String title, Path folder, Plan plan) throws Exception {
        Map<String, List<Round>> rounds = new SideBySide(folder, plan).measure();
        List<Round> ours = rounds.getOrDefault("linnet", List.of());
        out.printf(
                "%n### %s, %d rounds of %d s%n%n",
                title, plan.rounds(), plan.round().toSeconds());
        out.println(
                "| proxy | requests/s | CPU µs/request | p50 µs | p99 µs | errors | to the canary | noisy rounds | our CPU ÷ its | our requests/s ÷ its |");
        out.println("|---|---|---|---|---|---|---|---|---|---|");
        rounds.forEach((name, its) -> out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.1f | %.0f | %.0f | %d | %.1f %% | %d | %s | %s |%n",
                name,
                median(its, Round::requestsPerSecond),
                median(its, Round::cpuMicros),
                median(its, Round::p50Micros),
                median(its, Round::p99Micros),
                its.stream().mapToLong(Round::errors).sum(),
                100 * median(its, Round::canaryShare),
                its.stream().filter(Round::noisy).count(),
                Ratio.of(ours, its, Round::cpuMicros),
                Ratio.of(ours, its, Round::requestsPerSecond)));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Ratio.median(rounds.stream().mapToDouble(figure).toArray());
    }
}
