package dev.linnet.cli.demo;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.ThrowAwayDirectory;
import dev.linnet.cli.up.LocalCluster;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code linnet demo}: what Linnet is for, in under a minute, on a cluster that is thrown away. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Releases a good version and a bad one of podinfo under live traffic, on a local cluster that is thrown away.",
            "Exit code 0 only if both ended as they should and no request failed that should not have."
        },
        footer = {"", "Examples:", "  linnet demo", "  linnet demo --json | jq -r .message"})
public final class DemoCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print one event per line as JSON instead of the story.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        long started = System.nanoTime();
        Path directory = ThrowAwayDirectory.create("linnet-demo-");
        Teller teller = teller(spec.commandLine().getOut());
        try (LocalCluster cluster = LocalCluster.throwAway(directory)) {
            return play(cluster, teller, started) ? 0 : 1;
        }
    }

    private boolean play(LocalCluster cluster, Teller teller, long started) throws InterruptedException, IOException {
        teller.chapter("A cluster on this machine");
        teller.event(
                "ready",
                "Kubernetes API at " + cluster.apiUrl() + ", gateway at http://" + HostPort.text(cluster.http())
                        + ", after " + Summary.seconds(java.time.Duration.ofNanos(System.nanoTime() - started)) + " s",
                Map.of("api", cluster.apiUrl(), "http", HostPort.text(cluster.http())));
        teller.event(
                "watch",
                "watch along in another window: kubectl --kubeconfig " + cluster.kubeconfig() + " -n " + Stage.NAMESPACE
                        + " get pods,ingress",
                Map.of("kubeconfig", cluster.kubeconfig().toString()));
        Stage stage = new Stage(cluster.client(), cluster::obeys);
        stage.open();
        try (Load load = new Load(cluster.http(), Stage.HOST)) {
            Summary summary = new Story(stage, load, teller, started).play();
            teller.summary(summary);
            return summary.good();
        }
    }

    private Teller teller(PrintWriter out) {
        boolean terminal = Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent()
                && System.getenv("NO_COLOR") == null;
        return json ? new JsonTeller(out, InstantSource.system()) : new TextTeller(out, terminal);
    }
}
