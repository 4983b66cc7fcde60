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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends requests to one proxy: our own generator in plain HTTP/1.1, h2load over TLS. */
final class Generator {
    private static final Pattern SPEED = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");
    private static final Pattern COUNTS =
            Pattern.compile("requests: .*?([0-9]+) done, ([0-9]+) succeeded, ([0-9]+) failed, ([0-9]+) errored");

    private final Path folder;
    private final int core;

    /**
     * What it has seen.
     *
     * @param p50Micros   median latency; NaN where the tool does not tell
     * @param canaryShare part of the answers that came from the canary; NaN likewise
     * @param cpuSeconds  that it used itself
     */
    record Result(
            long requests,
            double perSecond,
            double p50Micros,
            double p99Micros,
            long errors,
            double canaryShare,
            double cpuSeconds) {}

    Generator(Path folder, int core) {
        this.folder = folder;
        this.core = core;
    }

    Result load(Proxy proxy, Scenario scenario, Duration time) throws IOException, InterruptedException {
        Path log = folder.resolve("generator.out");
        List<String> command = switch (scenario.protocol()) {
            case HTTP -> own(proxy, scenario, time);
            case TLS, HTTP2 -> h2load(proxy, scenario, time);
        };
        Process process = Commands.start(core, command, log);
        double cpu = 0;
        long end = System.nanoTime() + time.plusSeconds(20).toNanos();
        while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
            cpu = Math.max(cpu, Machine.cpuSeconds(process.toHandle()));
            if (System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("the generator did not end in time against " + proxy.name());
            }
        }
        return switch (scenario.protocol()) {
            case HTTP -> ofOwn(new ObjectMapper().readTree(log.toFile()), cpu);
            case TLS, HTTP2 -> ofH2load(Files.readString(log), cpu);
        };
    }

    private List<String> own(Proxy proxy, Scenario scenario, Duration time) {
        List<String> more = new ArrayList<>(List.of("-P", scenario.path()));
        if (scenario.upload() > 0) {
            more.addAll(List.of("-u", Integer.toString(scenario.upload())));
        }
        return new OwnGenerator(folder, core)
                .command(new OwnGenerator.Load(proxy.port(), scenario.connections(), scenario.rate(), time, more));
    }

    private static List<String> h2load(Proxy proxy, Scenario scenario, Duration time) {
        List<String> command = new ArrayList<>(List.of(
                "h2load",
                "-t",
                "1",
                "-c",
                Integer.toString(scenario.connections()),
                "-D",
                Long.toString(time.toSeconds()),
                "--connect-to=127.0.0.1:" + proxy.tlsPort(),
                "-H",
                "accept: application/json",
                "-H",
                "accept-encoding: gzip",
                "-H",
                "cookie: session=0123456789abcdef0123456789abcdef",
                "-H",
                "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"));
        if (scenario.protocol() == Scenario.Protocol.TLS) {
            command.add("--h1");
        } else {
            command.addAll(List.of("-m", "10"));
        }
        command.add("https://app.example.com" + scenario.path());
        return command;
    }

    private static Result ofOwn(JsonNode said, double cpu) {
        long answered = Math.max(1, said.path("v1").asLong() + said.path("v2").asLong());
        return new Result(
                said.path("n").asLong(),
                said.path("rps").asDouble(),
                said.path("p50").asDouble(),
                said.path("p99").asDouble(),
                said.path("errs").asLong(),
                said.path("v2").asDouble() / answered,
                cpu);
    }

    private static Result ofH2load(String said, double cpu) throws IOException {
        Matcher speed = SPEED.matcher(said);
        Matcher counts = COUNTS.matcher(said);
        if (!speed.find() || !counts.find()) {
            throw new IOException("h2load said nothing that can be read: " + said);
        }
        long failed = Long.parseLong(counts.group(3)) + Long.parseLong(counts.group(4));
        return new Result(
                Long.parseLong(counts.group(1)),
                Double.parseDouble(speed.group(1)),
                Double.NaN,
                Double.NaN,
                failed,
                Double.NaN,
                cpu);
    }
}
