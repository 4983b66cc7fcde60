package dev.linnet.cli.demo;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.ThrowAwayDirectory;
import dev.linnet.cli.up.LocalCluster;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
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
            "Releases a good version and a bad one of podinfo under live traffic, on a local cluster that is thrown away:",
            "a Canary promotes the one and takes the other back; nobody does more than set an image.",
            "Exit code 0 only if both ended as they should and no request failed that should not have."
        },
        footer = {
            "",
            "Examples:",
            "  linnet demo",
            "  linnet demo --as-written              with the intervals meant: four minutes",
            "  linnet demo --json | jq -r .message",
        })
public final class DemoCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print one event per line as JSON instead of the story.")
    private boolean json;

    @Option(names = "--as-written", description = "Steps of 5 %% every 10 s, instead of 10 %% every 2 s.")
    private boolean asWritten;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        long started = System.nanoTime();
        Path directory = ThrowAwayDirectory.create("linnet-demo-");
        Teller teller = teller(spec.commandLine().getOut());
        Chronicle chronicle = new Chronicle();
        try (AlertReceiver alerts = AlertReceiver.start(chronicle::add);
                LocalCluster cluster = LocalCluster.throwAway(directory, alerts.controllerArgs())) {
            return play(cluster, chronicle, teller, started) ? 0 : 1;
        }
    }

    private boolean play(LocalCluster cluster, Chronicle chronicle, Teller teller, long started)
            throws InterruptedException {
        teller.chapter("A cluster on this machine");
        teller.event(
                "ready",
                "Kubernetes API at " + cluster.apiUrl() + ", gateway at http://" + HostPort.text(cluster.http())
                        + ", after " + Summary.seconds(Duration.ofNanos(System.nanoTime() - started)) + " s",
                Map.of("api", cluster.apiUrl(), "http", HostPort.text(cluster.http())));
        teller.event(
                "watch",
                "watch along in another window: linnet rollouts watch podinfo -n " + Stage.NAMESPACE + " --kubeconfig "
                        + cluster.kubeconfig(),
                Map.of("kubeconfig", cluster.kubeconfig().toString()));
        Stage stage = new Stage(cluster.client());
        try (chronicle;
                Load load = new Load(cluster.http(), Stage.HOST)) {
            chronicle.follow(cluster.client(), Stage.NAMESPACE);
            Summary summary =
                    new Story(stage, load, chronicle, teller, started).play(asWritten ? Pace.AS_WRITTEN : Pace.QUICK);
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
