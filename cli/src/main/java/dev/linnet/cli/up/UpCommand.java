package dev.linnet.cli.up;

import dev.linnet.cli.HeapCare;
import dev.linnet.cli.HostPort;
import dev.linnet.cli.Shutdown;
import dev.linnet.cli.StateDirectory;
import dev.linnet.cli.UserError;
import dev.linnet.gateway.log.AccessLogSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code linnet up}: a cluster, with the gateway in front of it, until Ctrl-C. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs a local cluster with the gateway in one process.",
        footer = {
            "",
            "Examples:",
            "  linnet up                                    keeps its state from one run to the next",
            "  linnet up --ephemeral -f manifests/          forgets everything when it ends",
            "  linnet up --image 'nginx=python3 -m http.server {port} --bind {ip}'",
            "  linnet up --node worker01.k8s.lab --node worker02.k8s.lab:dtype=primary",
            "  linnet up --api 127.0.0.1:0 --http 127.0.0.1:0 --https 127.0.0.1:0 --console 127.0.0.1:0 --metrics 127.0.0.1:0 --dir /tmp/second",
        })
public final class UpCommand implements Callable<Integer> {
    private static final Duration END = Duration.ofSeconds(15);

    @Mixin
    private final Listeners listeners = new Listeners();

    @Mixin
    private final PodOptions pods = new PodOptions();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where its state, kubeconfig and ports.json are (default: the platform's state directory).")
    private Optional<Path> directory = Optional.empty();

    @Option(
            names = "--access-log",
            paramLabel = "off|nginx|json",
            defaultValue = "off",
            description = "A line for each request in the log of the gateway's Pod (default: ${DEFAULT-VALUE}).")
    private AccessLogSettings.Form accessLog = AccessLogSettings.Form.OFF;

    @Option(
            names = "--controller-args",
            paramLabel = "ARGS",
            split = " ",
            description =
                    "More arguments for the controller, for example '-slack-channel=releases -slack-url=http://…'.")
    private List<String> controllerArgs = List.of();

    @Option(names = "--ephemeral", description = "Keep all objects in memory.")
    private boolean ephemeral;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description =
                    "Apply this manifest file, or the files of this folder, once the cluster is there. Repeatable.")
    private List<Path> manifests = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        long begin = System.nanoTime();
        PrintWriter out = spec.commandLine().getOut();
        Path where = directory.orElseGet(
                () -> StateDirectory.usual(System.getenv(), Path.of(System.getProperty("user.home"))));
        for (Path path : manifests) {
            if (!path.toFile().canRead()) {
                throw new UserError("cannot read " + path + " (expected: a manifest file or a folder of them)");
            }
        }
        pods.check();
        listeners.check();
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Shutdown.onSignal(over, closed, END);
        try (HeapCare _ = HeapCare.start();
                LocalCluster cluster = LocalCluster.start(
                        new LocalCluster.Settings(where, ephemeral, listeners, accessLog, pods, controllerArgs))) {
            manifests.forEach(cluster::apply);
            tell(out, cluster, Duration.ofNanos(System.nanoTime() - begin));
            over.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private void tell(PrintWriter out, LocalCluster cluster, Duration took) {
        cluster.notes().forEach(note -> out.println("note: " + note));
        out.printf(Locale.ROOT, "linnet is ready in %.1f s%n%n", took.toMillis() / 1000.0);
        out.println("  API      " + cluster.apiUrl() + "     export KUBECONFIG=" + cluster.kubeconfig());
        out.println("  gateway  http://" + HostPort.text(cluster.http()));
        out.println("           https://" + HostPort.text(cluster.https()));
        out.println("  console  " + cluster.consoleLink());
        out.println("  metrics  http://" + HostPort.text(cluster.metrics()) + "/metrics");
        out.println();
        out.println("Try:  linnet sample podinfo | kubectl apply -f -      Ctrl-C ends it"
                + (ephemeral ? ", and nothing is kept." : "; its state stays in " + cluster.directory() + "."));
        out.flush();
    }
}
