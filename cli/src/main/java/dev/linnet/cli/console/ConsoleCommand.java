package dev.linnet.cli.console;

import dev.linnet.cli.HeapCare;
import dev.linnet.cli.HostPort;
import dev.linnet.cli.KubernetesAccess;
import dev.linnet.cli.Shutdown;
import dev.linnet.cli.UserError;
import dev.linnet.console.Console;
import dev.linnet.console.access.OneTimeKey;
import dev.linnet.console.access.Owner;
import dev.linnet.console.access.Person;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code linnet console}: shows releases in a browser, of any Kubernetes. */
@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        description = "Shows releases, traffic and routes in a browser, and lets people put a hand on them.",
        footer = {
            "",
            "Examples:",
            "  linnet console --open                        that of the running local cluster, else one for the kubeconfig's",
            "  linnet console --listen 127.0.0.1:0 --kubeconfig prod.yaml --open",
        })
public final class ConsoleCommand implements Callable<Integer> {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    @Mixin
    private final KubernetesAccess cluster = new KubernetesAccess();

    @Mixin
    private final ConsoleOptions options = new ConsoleOptions();

    @Option(names = "--open", description = "Open the page in this machine's browser.")
    private boolean open;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<Path> local = cluster.runningLocally();
        if (open && local.isPresent()) {
            show(out, ConsoleLink.read(local.get()));
            return 0;
        }
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (HeapCare _ = HeapCare.start();
                KubernetesClient client = cluster.open(spec.commandLine().getErr())) {
            Optional<Owner> owner =
                    options.listen().getAddress().isLoopbackAddress() ? Optional.of(owner(client)) : Optional.empty();
            try (Console console = start(client, owner)) {
                show(
                        out,
                        owner.map(known -> ConsoleLink.of(
                                        console.address(), known.key().current()))
                                .orElse("http://" + HostPort.text(console.address()) + "/"));
                Shutdown.onSignal(over, closed, LAST_WORDS);
                over.await();
            }
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private Console start(KubernetesClient client, Optional<Owner> owner) {
        InetSocketAddress listen = options.listen();
        try {
            return Console.start(client, options.settings(listen, 0, owner));
        } catch (IOException e) {
            throw new UserError(
                    "cannot listen on " + HostPort.text(listen) + ": " + e.getMessage()
                            + " (expected: a free port; --listen 127.0.0.1:0 takes any)",
                    e);
        }
    }

    /** Whoever starts it here acts with the kubeconfig's rights. */
    private static Owner owner(KubernetesClient client) {
        return new Owner(new Person(System.getProperty("user.name"), client, false), new OneTimeKey(_ -> {}));
    }

    private void show(PrintWriter out, String link) {
        out.println("  console  " + link);
        out.flush();
        if (open) {
            openBrowser(link);
        }
    }

    /** Where there is no browser, the printed link serves. */
    private void openBrowser(String link) {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        try {
            new ProcessBuilder(mac ? "open" : "xdg-open", link)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException _) {
            spec.commandLine().getErr().println("linnet: there is no browser to open; use the link above");
        }
    }
}
