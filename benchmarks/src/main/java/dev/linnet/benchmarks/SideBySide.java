package dev.linnet.benchmarks;

import dev.linnet.benchmarks.Proxies.Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gateway beside other proxies, all doing the same job on one core of one machine in interleaved rounds (A B C, A B C, …), so that a
 * neighbour's noise meets everyone. Generator and backend share the other core. Ratios are what to read; absolute figures mean little.
 */
final class SideBySide implements AutoCloseable {
    private static final int PROXY_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final Duration COMPILED_WARM_UP = Duration.ofSeconds(5);

    private final Path folder;
    private final Plan plan;
    private final Generator generator;
    private final List<Process> started = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();

    /** How long and how often; the warm-up is for programs that a JVM compiles, others get five seconds. */
    record Plan(int rounds, Duration round, Duration warmUp) {}

    private record Running(Proxy proxy, Process process) {}

    SideBySide(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
        this.generator = new Generator(folder, LOAD_CORE);
    }

    /** Starts all proxies; they serve until this is closed. */
    void start(Proxies proxies) throws IOException, InterruptedException {
        buildTools(folder);
        Process backend = start(LOAD_CORE, List.of(folder.resolve("backend").toString()), "backend");
        for (Proxy proxy : proxies.all()) {
            String name = proxy.name().replace(' ', '-');
            Process process = proxy.command().isEmpty() ? backend : start(PROXY_CORE, proxy.command(), name);
            running.add(new Running(proxy, process));
        }
    }

    /** Warms every proxy up for this scenario, then measures every one in every round. Returns the rounds by proxy. */
    Map<String, List<Round>> measure(Scenario scenario) throws IOException, InterruptedException {
        List<Running> able = running.stream()
                .filter(each -> !scenario.without().contains(each.proxy().name()))
                .toList();
        for (Running each : able) {
            generator.load(each.proxy(), scenario, each.proxy().compiledAhead() ? COMPILED_WARM_UP : plan.warmUp());
        }
        Map<String, List<Round>> rounds = new LinkedHashMap<>();
        for (int i = 0; i < plan.rounds(); i++) {
            for (Running each : able) {
                Round round = round(each, scenario);
                System.err.println(round);
                rounds.computeIfAbsent(round.proxy(), _ -> new ArrayList<>()).add(round);
            }
        }
        return rounds;
    }

    private Round round(Running each, Scenario scenario) throws IOException, InterruptedException {
        generator.load(each.proxy(), scenario, Duration.ofSeconds(1));
        double cpuBefore = Machine.cpuSeconds(each.process().toHandle());
        double ownBefore = ownSeconds();
        double busyBefore = Machine.busySeconds();
        long begin = System.nanoTime();
        Generator.Result load = generator.load(each.proxy(), scenario, plan.round());
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = Machine.cpuSeconds(each.process().toHandle()) - cpuBefore;
        double own = ownSeconds() - ownBefore + load.cpuSeconds();
        return new Round(
                each.proxy().name(),
                load.perSecond(),
                cpu * 1e6 / Math.max(1, load.requests()),
                load.p50Micros(),
                load.p99Micros(),
                load.errors(),
                load.canaryShare(),
                Machine.residentMegabytes(each.process().toHandle()),
                Math.max(0, (Machine.busySeconds() - busyBefore - own) / seconds));
    }

    /** CPU of everything that this comparison itself started, and of this JVM. */
    private static double ownSeconds() {
        return Machine.cpuSeconds(ProcessHandle.current());
    }

    /** For comparisons of another kind: its files lie in the folder, {@code lg} among them. */
    static Process buildAndStartBackend(Path folder) throws IOException, InterruptedException {
        buildTools(folder);
        Process backend =
                Commands.start(LOAD_CORE, List.of(folder.resolve("backend").toString()), folder.resolve("backend.log"));
        Ports.awaitListening(backend, "backend", folder.resolve("backend.log"));
        return backend;
    }

    private static void buildTools(Path folder) throws IOException, InterruptedException {
        for (String tool : List.of("lg", "backend", "floor")) {
            Path source = Path.of("benchmarks/src/main/c", tool + ".c");
            Commands.run(
                    Duration.ofMinutes(1),
                    "gcc",
                    "-O2",
                    "-pthread",
                    "-w",
                    "-o",
                    folder.resolve(tool).toString(),
                    source.toString());
        }
        Files.copy(Path.of("benchmarks/src/main/c/h8.txt"), folder.resolve("h8.txt"));
    }

    private Process start(int core, List<String> command, String name) throws IOException, InterruptedException {
        Process process = Commands.start(core, command, folder.resolve(name + ".log"));
        started.add(process);
        Ports.awaitListening(process, name, folder.resolve(name + ".log"));
        return process;
    }

    @Override
    public void close() {
        started.reversed().forEach(Commands::stop);
    }
}
