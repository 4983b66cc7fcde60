package dev.linnet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running {@code linnet up} in a process of its own, with its state in a folder of its own. */
final class Cluster implements AutoCloseable {
    private static final int READY_SECONDS = 60;

    private final Path directory;
    private final List<String> within;
    private final Process process;
    private final JsonNode ports;
    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    /** @param within the command that everything is started by, if any */
    private Cluster(Path directory, List<String> within, List<String> options) throws Exception {
        this.directory = directory;
        this.within = within;
        List<String> command = new ArrayList<>(within);
        command.addAll(Linnet.command("up", "--dir", directory.toString()));
        for (String listener : List.of("--api", "--http", "--https", "--console", "--metrics")) {
            command.addAll(List.of(listener, "127.0.0.1:0"));
        }
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        // A read of a pipe holds on to the carrier of a virtual thread: two of them stopped all others on two cores.
        Thread.ofPlatform().daemon().name("cluster-output").start(() -> listen(ready));
        if (!ready.get(READY_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("linnet up ended before it was ready:\n" + said());
        }
        ports = new ObjectMapper().readTree(directory.resolve("ports.json").toFile());
    }

    static Cluster start(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--ephemeral");
        return new Cluster(Files.createTempDirectory("linnet-e2e"), List.of(), all);
    }

    /** A cluster that is alone in a network namespace, with kubectl. */
    static Cluster startWithin(NetworkNamespace network, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--ephemeral");
        return new Cluster(Files.createTempDirectory("linnet-e2e"), network.command(), all);
    }

    /** A cluster whose state outlives it: the caller owns the folder. */
    static Cluster in(Path directory, String... options) throws Exception {
        return new Cluster(directory, List.of(), List.of(options));
    }

    /** {@code host:port} of a listener: api, http, https, console, metrics. */
    String address(String listener) {
        return ports.path(listener).asText();
    }

    URI gateway() {
        return URI.create("http://" + address("http"));
    }

    Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** Applies the sample of a frontend and a backend inside the mesh; returns it once all of its Pods serve. */
    String applyMeshSample() {
        String sample = Linnet.within("sample", "mesh").ok();
        apply(sample);
        for (String deployment : List.of("frontend-v1", "frontend-v2", "backend-v1", "backend-v2")) {
            kubectl("rollout", "status", "deploy/" + deployment, "--timeout=60s");
        }
        return sample;
    }

    /** By which whoever has started it signs in to the console. */
    String consoleLink() {
        return said.stream().flatMap(line -> linkIn(line).stream()).findFirst().orElseThrow();
    }

    /** The console's link in a line of output. */
    static Optional<String> linkIn(String line) {
        return line.contains("/login?key=")
                ? Optional.of(line.substring(line.indexOf("http")).strip())
                : Optional.empty();
    }

    String said() {
        return String.join("\n", said);
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    String kubectl(String... arguments) {
        return kubectlWith("", arguments).ok();
    }

    String apply(String manifests) {
        return kubectlWith(manifests, "apply", "-f", "-").ok();
    }

    Program kubectlWith(String input, String... arguments) {
        List<String> command = new ArrayList<>(within);
        command.add(Kubectl.PROGRAM);
        command.addAll(List.of(arguments));
        return Program.run(command, Map.of("KUBECONFIG", kubeconfig().toString(), "HOME", directory.toString()), input);
    }

    private boolean hasEnded() {
        try {
            return process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void listen(CompletableFuture<Boolean> ready) {
        try (BufferedReader lines = process.inputReader()) {
            @Nullable String line;
            while ((line = lines.readLine()) != null) {
                said.add(line);
                if (line.startsWith("linnet is ready in ")) {
                    ready.complete(true);
                }
            }
        } catch (IOException e) {
            said.add(e.toString());
        }
        ready.complete(false);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        if (!hasEnded()) {
            process.destroyForcibly();
            throw new AssertionError("linnet up did not end within 20 s of SIGTERM:\n" + said());
        }
        Folders.delete(directory);
    }
}
