package dev.linnet.benchmarks;

import dev.linnet.benchmarks.SideBySide.Plan;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Prints the tables of docs/benchmarks.md.
 *
 * <p>{@code side-by-side [--rounds N] [--seconds N] [--warm-up SECONDS] [--nginx PATH]... [--haproxy PATH]... [SCENARIO]...} compares
 * proxies, {@code cluster} measures {@code linnet up}, {@code scale [--ingresses N] [--connections N] [--changes N] [--rounds N]
 * [--seconds N] [--warm-up SECONDS]} a gateway with many Ingresses, {@code mesh [--rounds N] [--seconds N] [--warm-up SECONDS]
 * [--pods N]} one inside the cluster, {@code rollouts [--canaries N]... [--progressing N] [--seconds N]} a
 * controller with many Canaries. Started by {@code benchmarks/run} from the repository's root.
 */
public final class Benchmarks {
    private static final Set<String> KNOWN = Set.of("side-by-side", "cluster", "scale", "mesh", "rollouts");
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0 || !KNOWN.contains(args[0])) {
            System.err.println(
                    "benchmarks: name one of " + KNOWN
                            + " (for example: benchmarks/run side-by-side --rounds 10 --seconds 10 --warm-up 60 saturated tls)");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("linnet-benchmarks");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveNothing(folder), "leave-nothing"));
        List<String> rest = List.of(args).subList(1, args.length);
        switch (args[0]) {
            case "cluster" -> new LocalClusterFigures(folder).print(System.out);
            case "scale" -> new ScaleFigures(folder, ScaleFigures.Size.of(rest)).print(System.out);
            case "mesh" -> new MeshFigures(folder, rest).print(System.out);
            case "rollouts" -> new RolloutFigures(folder, rest).print(System.out);
            default -> sideBySide(folder, rest);
        }
    }

    /** Whether it ends by itself or somebody has seen enough: proxies that went on would be in the way of the next measurement. */
    private static void leaveNothing(Path folder) {
        List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
        left.forEach(ProcessHandle::destroy);
        // Until they have ended, they may write where files are being deleted.
        CompletableFuture.allOf(left.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, LONGEST_END.toSeconds(), TimeUnit.SECONDS)
                .join();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("benchmarks: " + folder + " could not be deleted: " + e);
        }
    }

    private static void sideBySide(Path folder, List<String> arguments) throws Exception {
        Options options = new Options(arguments, Set.of("--rounds", "--seconds", "--warm-up", "--nginx", "--haproxy"));
        List<Scenario> scenarios = options.words().stream().map(Scenario::named).toList();
        Plan plan = new Plan(
                options.number("--rounds", 10),
                Duration.ofSeconds(options.number("--seconds", 10)),
                Duration.ofSeconds(options.number("--warm-up", 60)));
        Proxies proxies = new Proxies(folder, options.all("--nginx"), options.all("--haproxy"));
        System.out.println(Machine.words());
        try (SideBySide comparison = new SideBySide(folder, plan)) {
            comparison.start(proxies);
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
