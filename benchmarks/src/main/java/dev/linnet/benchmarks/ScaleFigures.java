package dev.linnet.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What many Ingresses of ten paths each cost a {@code linnet gateway} that follows a Kubernetes API: start, memory, speed, how soon a
 * change is obeyed, and what the others notice of it. The API is ours, in this JVM; the gateway is a process of its own.
 */
final class ScaleFigures {
    private static final int LOAD_CORE = 1;
    private static final int CONNECTIONS = 64;
    private static final List<String> SILENT = List.of("--update-status=false");
    private static final int WARM_UP_CHANGES = 50;
    private static final int STEADY = 15_000;
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(100);

    private final Path folder;
    private final Size size;
    private final OwnGenerator generator;

    /**
     * How much of everything.
     *
     * @param ingresses   in the larger of two APIs; the other has one
     * @param connections that are idle when memory is looked at
     * @param changes     that are timed
     * @param rounds      of loads that are compared pair by pair
     */
    record Size(int ingresses, int connections, int changes, int rounds, Duration round, Duration warmUp) {

        /** @throws IllegalArgumentException if an option is not known */
        static Size of(List<String> arguments) {
            Options options = new Options(
                    arguments,
                    Set.of("--ingresses", "--connections", "--changes", "--rounds", "--seconds", "--warm-up"));
            return new Size(
                    options.number("--ingresses", 10_000),
                    options.number("--connections", 10_000),
                    options.number("--changes", 500),
                    options.number("--rounds", 10),
                    Duration.ofSeconds(options.number("--seconds", 5)),
                    Duration.ofSeconds(options.number("--warm-up", 30)));
        }
    }

    ScaleFigures(Path folder, Size size) {
        this.folder = folder;
        this.size = size;
        this.generator = new OwnGenerator(folder, LOAD_CORE);
    }

    void print(PrintStream out) throws Exception {
        out.printf(
                "%s%n%n| with %,d Ingresses of %d paths | |%n|---|---|%n",
                Machine.words(), size.ingresses, ManyIngresses.PATHS);
        Process backend = SideBySide.buildAndStartBackend(folder);
        try (ManyIngresses few = new ManyIngresses(folder.resolve("few"), 1);
                ManyIngresses many = new ManyIngresses(folder.resolve("many"), size.ingresses);
                FollowingGateway small = new FollowingGateway(few.kubeconfig(), folder.resolve("small.log"), SILENT);
                FollowingGateway large = new FollowingGateway(many.kubeconfig(), folder.resolve("large.log"), SILENT)) {
            row(out, "exec to ready, with 1 Ingress", "%.2f s", small.readySeconds());
            row(out, "exec to ready", "%.2f s", large.readySeconds());
            measureSpeed(small, large, out);
            measureChanges(many, large, out);
            measureDip(many, large, out);
            measureMemory(large, out);
        } finally {
            Commands.stop(backend);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would need a dependency
    private static void row(PrintStream out, String what, String format, Object... figures) {
        out.println("| " + what + " | " + String.format(Locale.ROOT, format, figures) + " |");
        out.flush();
    }

    /** CPU per request, the two gateways in turn: one that knows one host, and one that is asked for all of its hosts. */
    private void measureSpeed(FollowingGateway small, FollowingGateway large, PrintStream out) throws Exception {
        cpuPerRequest(small, 1, size.warmUp);
        cpuPerRequest(large, size.ingresses, size.warmUp);
        double[] ratios = new double[size.rounds];
        for (int i = 0; i < size.rounds; i++) {
            double one = cpuPerRequest(small, 1, size.round);
            double all = cpuPerRequest(large, size.ingresses, size.round);
            ratios[i] = all / one;
        }
        row(
                out,
                "CPU per request, all hosts and paths in turn ÷ one host, median of %d pairs".formatted(size.rounds),
                "%.3f",
                Ratio.median(ratios));
    }

    private double cpuPerRequest(FollowingGateway gateway, int hosts, Duration time)
            throws IOException, InterruptedException {
        double before = gateway.cpuSeconds();
        JsonNode said = generator.endOf(load(gateway, hosts, 0, time), time);
        return (gateway.cpuSeconds() - before) * 1e6 / said.path("n").asLong();
    }

    private Process load(FollowingGateway gateway, int hosts, int rate, Duration time) throws IOException {
        return generator.start(
                new OwnGenerator.Load(gateway.port(), CONNECTIONS, rate, time, List.of("-n", Integer.toString(hosts))));
    }

    private void measureChanges(ManyIngresses api, FollowingGateway gateway, PrintStream out) throws Exception {
        double[] millis = new double[size.changes];
        for (int i = -WARM_UP_CHANGES; i < size.changes; i++) {
            int host = hostOf(i);
            try (KeepAliveClient client =
                    new KeepAliveClient(gateway.port(), ManyIngresses.host(host), "/api/0/s", "X-Version: ")) {
                client.await("v1");
                api.pointTo(host, "v2");
                long answered = System.nanoTime();
                client.await("v2");
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - answered) / 1e6;
                }
                api.pointTo(host, "v1");
                client.await("v1");
            }
        }
        Arrays.sort(millis);
        row(
                out,
                "Ingress change, the API's answer to the first request by the new rule, p50 / p99 of %d"
                        .formatted(size.changes),
                "%.1f ms / %.1f ms",
                millis[size.changes / 2],
                millis[size.changes * 99 / 100]);
    }

    private int hostOf(int change) {
        return Math.floorMod(change * 7919, size.ingresses);
    }

    /** The same load with and without changes meanwhile, in turn. */
    private void measureDip(ManyIngresses api, FollowingGateway gateway, PrintStream out) throws Exception {
        double[] speed = new double[size.rounds];
        double[] p99 = new double[size.rounds];
        for (int i = 0; i < size.rounds; i++) {
            JsonNode quiet = generator.endOf(load(gateway, size.ingresses, STEADY, size.round), size.round);
            JsonNode busy = whileChanging(api, load(gateway, size.ingresses, STEADY, size.round));
            speed[i] = busy.path("rps").asDouble() / quiet.path("rps").asDouble();
            p99[i] = busy.path("p99").asDouble() / quiet.path("p99").asDouble();
        }
        row(
                out,
                "%,d requests/s with a change every %d ms ÷ without, median of %d pairs: requests/s, p99"
                        .formatted(STEADY, BETWEEN_CHANGES.toMillis(), size.rounds),
                "%.3f, %.2f",
                Ratio.median(speed),
                Ratio.median(p99));
    }

    private JsonNode whileChanging(ManyIngresses api, Process load) throws Exception {
        for (int i = 0; !load.waitFor(BETWEEN_CHANGES.toMillis(), TimeUnit.MILLISECONDS); i++) {
            api.pointTo(hostOf(i / 2), i % 2 == 0 ? "v2" : "v1");
        }
        return generator.endOf(load, Duration.ZERO);
    }

    private void measureMemory(FollowingGateway gateway, PrintStream out) throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < size.connections; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
            }
            Thread.sleep(10_000); // so that what was young has died
            row(
                    out,
                    "resident memory with %,d idle connections".formatted(size.connections),
                    "%d MB",
                    gateway.residentMegabytes());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }
}
