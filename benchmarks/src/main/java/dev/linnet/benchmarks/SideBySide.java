package dev.linnet.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.benchmarks.Proxies.Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The gateway beside other proxies, all doing the same job on one core of one machine in interleaved rounds (A B C, A B C, …), so that a
 * neighbour's noise meets everyone. Generator and backend share the other core. Ratios are what to read; absolute figures mean little.
 */
final class SideBySide {
    private static final int PROXY_CORE = 0;
    private static final int LOAD_CORE = 1;

    private final Path folder;
    private final Plan plan;
    private final List<Process> started = new ArrayList<>();

    /**
     * How long and how much.
     *
     * @param rate requests per second; 0 sends the next as soon as one is answered
     */
    record Plan(int rounds, Duration round, Duration warmUp, int connections, int rate) {}

    private record Running(Proxy proxy, Process process) {}

    SideBySide(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures every proxy in every round, and returns the rounds by proxy. */
    Map<String, List<Round>> measure() throws IOException, InterruptedException {
        buildTools();
        try {
            start(LOAD_CORE, List.of(folder.resolve("backend").toString()), "backend");
            List<Proxy> proxies = new Proxies(folder).all();
            List<Running> running = new ArrayList<>();
            for (Proxy proxy : proxies) {
                String name = proxy.name().replace(' ', '-');
                running.add(new Running(proxy, start(PROXY_CORE, proxy.command(), name)));
            }
            for (Proxy proxy : proxies) {
                load(proxy, plan.warmUp(), 0);
            }
            Map<String, List<Round>> rounds = new TreeMap<>();
            for (int i = 0; i < plan.rounds(); i++) {
                for (Running each : running) {
                    Round round = round(each.proxy(), each.process());
                    System.err.println(round);
                    rounds.computeIfAbsent(round.proxy(), _ -> new ArrayList<>())
                            .add(round);
                }
            }
            return rounds;
        } finally {
            stop();
        }
    }

    private Round round(Proxy proxy, Process process) throws IOException, InterruptedException {
        load(proxy, Duration.ofSeconds(1), plan.rate());
        double cpuBefore = Machine.cpuSeconds(process.toHandle());
        double ownBefore = ownSeconds();
        double busyBefore = Machine.busySeconds();
        long begin = System.nanoTime();
        Load load = load(proxy, plan.round(), plan.rate());
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = Machine.cpuSeconds(process.toHandle()) - cpuBefore;
        double own = ownSeconds() - ownBefore + load.cpuSeconds();
        JsonNode said = load.said();
        long finished = said.path("n").asLong();
        return new Round(
                proxy.name(),
                said.path("rps").asDouble(),
                cpu * 1e6 / Math.max(1, finished),
                said.path("p50").asDouble(),
                said.path("p99").asDouble(),
                said.path("errs").asLong(),
                said.path("v2").asDouble()
                        / Math.max(1, said.path("v1").asLong() + said.path("v2").asLong()),
                Math.max(0, (Machine.busySeconds() - busyBefore - own) / seconds));
    }

    private record Load(JsonNode said, double cpuSeconds) {}

    private Load load(Proxy proxy, Duration time, int rate) throws IOException, InterruptedException {
        Path log = folder.resolve("lg.out");
        Process generator = Commands.start(
                LOAD_CORE,
                List.of(
                        folder.resolve("lg").toString(),
                        "-p",
                        Integer.toString(proxy.port()),
                        "-c",
                        Integer.toString(plan.connections()),
                        "-d",
                        Long.toString(time.toSeconds()),
                        "-r",
                        Integer.toString(rate),
                        "-w",
                        "0",
                        "-h",
                        folder.resolve("h8.txt").toString()),
                log);
        double cpu = 0;
        long end = System.nanoTime() + time.plusSeconds(20).toNanos();
        while (!generator.waitFor(100, TimeUnit.MILLISECONDS)) {
            cpu = Math.max(cpu, Machine.cpuSeconds(generator.toHandle()));
            if (System.nanoTime() > end) {
                generator.destroyForcibly();
                throw new IOException("the generator did not end in time against " + proxy.name());
            }
        }
        return new Load(new ObjectMapper().readTree(log.toFile()), cpu);
    }

    /** CPU of everything that this comparison itself started, and of this JVM. */
    private static double ownSeconds() {
        return Machine.cpuSeconds(ProcessHandle.current());
    }

    private void buildTools() throws IOException, InterruptedException {
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

    private void stop() throws InterruptedException {
        for (Process process : started.reversed()) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
