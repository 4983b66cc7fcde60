package dev.linnet.cli.controller;

import dev.linnet.cli.HeapCare;
import dev.linnet.cli.HostPort;
import dev.linnet.cli.KubernetesAccess;
import dev.linnet.cli.Shutdown;
import dev.linnet.cli.UserError;
import dev.linnet.controller.ControllerProcess;
import dev.linnet.controller.fetch.OwnToken;
import dev.linnet.controller.mesh.ActingControllers;
import dev.linnet.controller.mesh.GiveBack;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code linnet controller}: runs releases against any Kubernetes, until SIGTERM. */
@Command(
        name = "controller",
        description = "Runs the releases of a cluster's Canaries.",
        footer = {
            "",
            "Examples:",
            "  linnet controller",
            "  linnet controller --give-back   (before it is uninstalled)",
            "  SLACK_URL=https://… linnet controller -slack-channel=releases",
        })
public final class ControllerCommand implements Callable<Integer> {
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    /** Longer than a Lease that was not given up is good for. */
    private static final Duration FORMER_CONTROLLER = Duration.ofSeconds(30);

    private static final Duration DEADLINE = Duration.ofMinutes(5);

    @Mixin
    private final KubernetesAccess cluster = new KubernetesAccess();

    @Mixin
    private final ControllerOptions options = new ControllerOptions();

    @Option(
            names = "--give-back",
            description =
                    "Give all Services back that are led to gateways inside the cluster, take those away, and end: to be"
                            + " done before Linnet is uninstalled, once no controller is at work.")
    private boolean giveBack;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli obeys it
    private boolean help;

    /** Flagger's spelling, too. */
    @Option(
            names = {"-V", "-version", "--version"},
            versionHelp = true,
            description = "Print version information and exit.")
    @SuppressWarnings("unused") // picocli obeys it
    private boolean version;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "-kubeconfig", paramLabel = "FILE", hidden = true, description = "Flagger's spelling.")
    void kubeconfig(String file) {
        // Empty is Flagger's default, which its manifests may spell out.
        if (!file.isBlank()) {
            cluster.use(Path.of(file));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        return giveBack ? givesBack() : runs();
    }

    private int givesBack() throws InterruptedException {
        try (KubernetesClient client = cluster.open(spec.commandLine().getErr())) {
            InstantSource clock = InstantSource.system();
            Optional<String> obstacle = new GiveBack(
                            client, new ActingControllers(client, options.leaseNamespace(), clock), clock)
                    .run(FORMER_CONTROLLER, DEADLINE);
            if (obstacle.isPresent()) {
                throw new UserError("Services are not given back: " + obstacle.get());
            }
            spec.commandLine()
                    .getOut()
                    .println("linnet: all Services are as they were, and no gateways inside the cluster are left");
            return 0;
        }
    }

    private int runs() throws InterruptedException {
        String identity = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("controller") + "_"
                + ProcessHandle.current().pid();
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (HeapCare _ = HeapCare.start();
                KubernetesClient client = cluster.open(spec.commandLine().getErr());
                ControllerProcess process = start(client, identity)) {
            spec.commandLine()
                    .getErr()
                    .println("linnet: the controller follows Canaries; its metrics are at http://"
                            + HostPort.text(process.metrics()) + "/metrics");
            Shutdown.onSignal(over, closed, LAST_WORDS);
            AtomicBoolean replaced = new AtomicBoolean();
            process.replaced().thenRun(() -> {
                replaced.set(true);
                over.countDown();
            });
            over.await();
            if (replaced.get()) {
                spec.commandLine().getErr().println("linnet: another controller leads now");
                return 1;
            }
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private ControllerProcess start(KubernetesClient client, String identity) {
        try {
            return ControllerProcess.start(
                    client, options.settings(System.getenv(), identity, account(client), options.metrics()));
        } catch (UncheckedIOException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    /** As in deploy/controller.yaml. */
    private static Optional<OwnToken.Account> account(KubernetesClient client) {
        return System.getenv("KUBERNETES_SERVICE_HOST") == null
                ? Optional.empty()
                : Optional.of(new OwnToken.Account(client.getNamespace(), "linnet-controller"));
    }
}
