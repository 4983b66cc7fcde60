package dev.linnet.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Our own generator of requests in plain HTTP/1.1, {@code lg.c}. */
final class OwnGenerator {
    private static final Duration MORE = Duration.ofSeconds(20);

    private final Path folder;
    private final int core;

    /**
     * What it is to send.
     *
     * @param rate requests per second; 0 sends the next as soon as one is answered
     * @param more options
     */
    record Load(int port, int connections, int rate, Duration time, List<String> more) {}

    /** @param folder where it lies */
    OwnGenerator(Path folder, int core) {
        this.folder = folder;
        this.core = core;
    }

    List<String> command(Load load) {
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("lg").toString(),
                "-p",
                Integer.toString(load.port),
                "-c",
                Integer.toString(load.connections),
                "-d",
                Long.toString(load.time.toSeconds()),
                "-r",
                Integer.toString(load.rate),
                "-w",
                "0",
                "-h",
                folder.resolve("h8.txt").toString()));
        command.addAll(load.more);
        return command;
    }

    Process start(Load load) throws IOException {
        return Commands.start(core, command(load), said());
    }

    /** What it says at its end. A request that failed is a fault of the measurement. */
    JsonNode endOf(Process generator, Duration time) throws IOException, InterruptedException {
        if (!generator.waitFor(time.plus(MORE).toSeconds(), TimeUnit.SECONDS)) {
            Commands.stop(generator);
            throw new IOException("the generator did not end in time");
        }
        JsonNode figures = new ObjectMapper().readTree(said().toFile());
        if (figures.path("errs").asInt(1) != 0) {
            throw new IOException("requests failed: " + figures);
        }
        return figures;
    }

    JsonNode run(Load load) throws IOException, InterruptedException {
        return endOf(start(load), load.time);
    }

    private Path said() {
        return folder.resolve("lg.out");
    }
}
