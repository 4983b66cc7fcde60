package dev.linnet.cli.up;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.KubernetesAccess;
import dev.linnet.cli.ThrowAwayDirectory;
import dev.linnet.gateway.feed.ApiClient;
import dev.linnet.gateway.log.AccessLogSettings.Form;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code linnet warm-up}: does once what most people do, on a cluster that is thrown away, and starts a gateway of its own there. The launcher
 * runs it while both JVMs write down what a start needs ({@code -XX:AOTCacheOutput}).
 */
@Command(
        name = "warm-up",
        hidden = true,
        mixinStandardHelpOptions = true,
        description =
                "Starts a cluster, serves a few requests, and ends: what the launcher trains the JVM's cache with.")
public final class WarmUpCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration TO_WRITE_DOWN = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** Enough for each connection and loop to have had some; loops get hot in service, not here. */
    private static final int REQUESTS = 50;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "How linnet is started for a gateway of its own.")
    private List<String> linnet = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = ThrowAwayDirectory.create("linnet-warm-up-");
        // Kept on disk like a usual cluster, so that the store's code is met too.
        try (LocalCluster cluster = LocalCluster.start(new LocalCluster.Settings(
                directory, false, Listeners.anywhere(), Form.OFF, new PodOptions(), List.of()))) {
            cluster.applyOwn("warm-up.yaml");
            // As kubectl comes, and as other commands do. Parts of the cluster itself have a shorter way.
            try (KubernetesClient outside = ApiClient.open(KubernetesAccess.read(cluster.kubeconfig()))) {
                outside.pods().inAnyNamespace().list();
            }
            boolean served =
                    serve(HostPort.text(cluster.http())) && (linnet.isEmpty() || servesByItself(cluster.kubeconfig()));
            spec.commandLine().getOut().println(served ? "warm" : "the gateway did not serve in time");
            return served ? 0 : 1;
        }
    }

    /** Whether a gateway as a process of its own serves the cluster. Its JVM may take its time for what it has to write down. */
    private boolean servesByItself(Path kubeconfig) throws IOException, InterruptedException {
        String http = "127.0.0.1:" + freePort();
        List<String> command = new ArrayList<>(linnet);
        command.addAll(List.of("gateway", "--kubeconfig", kubeconfig.toString(), "--update-status=false"));
        command.addAll(List.of("--http", http, "--https", "127.0.0.1:0", "--metrics", "127.0.0.1:0"));
        Process gateway = new ProcessBuilder(command).inheritIO().start();
        try {
            return serve(http);
        } finally {
            gateway.destroy();
            if (!gateway.waitFor(TO_WRITE_DOWN)) {
                gateway.destroyForcibly();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static boolean serve(String address) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/"))
                .timeout(PATIENCE)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            int served = 0;
            while (served < REQUESTS && System.nanoTime() < end) {
                if (isServed(client, request)) {
                    served++;
                } else {
                    Thread.sleep(PAUSE);
                }
            }
            return served == REQUESTS;
        }
    }

    private static boolean isServed(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString()).statusCode() == 200;
        } catch (ConnectException _) {
            return false; // nobody listens yet
        }
    }
}
