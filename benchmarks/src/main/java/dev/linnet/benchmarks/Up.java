package dev.linnet.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running {@code linnet up}. */
final class Up implements AutoCloseable {
    private static final int SCALE_SECONDS = 300;

    final Process process;
    final double readySeconds;
    final KubernetesClient client;
    private final Path directory;
    private final JsonNode ports;

    /** @param more arguments, such as {@code --ephemeral} */
    Up(Path directory, String... more) throws IOException {
        this.directory = directory;
        long begin = System.nanoTime();
        List<String> command = new ArrayList<>(List.of("./linnet", "up", "--dir", directory.toString()));
        command.addAll(List.of(more));
        for (String listener : List.of("--api", "--http", "--https", "--console", "--metrics")) {
            command.addAll(List.of(listener, "127.0.0.1:0"));
        }
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader lines = process.inputReader();
        @Nullable String line = lines.readLine();
        while (line != null && !line.startsWith("linnet is ready in ")) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("linnet up ended before it was ready");
        }
        readySeconds = (System.nanoTime() - begin) / 1e9;
        Thread.ofPlatform().daemon().start(() -> readToTheEnd(lines));
        client = new KubernetesClientBuilder()
                .withConfig(
                        Config.fromKubeconfig(directory.resolve("kubeconfig").toFile()))
                .build();
        ports = new ObjectMapper().readTree(Files.readString(directory.resolve("ports.json")));
    }

    /** So that it never waits for somebody who reads what it says. */
    private static void readToTheEnd(BufferedReader lines) {
        try (lines) {
            lines.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // it was ended
        }
    }

    int port(String listener) {
        String address = ports.path(listener).asText();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    void apply(String manifests) {
        client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    void annotateCanary(String weight) {
        client.network()
                .v1()
                .ingresses()
                .inNamespace("default")
                .withName("effect-canary")
                .edit(ingress -> {
                    ingress.getMetadata().getAnnotations().put("nginx.ingress.kubernetes.io/canary-weight", weight);
                    return ingress;
                });
    }

    void scale(String deployment, int replicas) {
        client.apps().deployments().inNamespace("default").withName(deployment).scale(replicas);
        client.apps()
                .deployments()
                .inNamespace("default")
                .withName(deployment)
                .waitUntilCondition(
                        now -> now != null
                                && Integer.valueOf(replicas)
                                        .equals(now.getStatus().getReadyReplicas()),
                        SCALE_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        client.close();
        process.destroy();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IOException("linnet up in " + directory + " did not end within 20 s");
    }
}
