package dev.linnet.cli.loadtester;

import dev.linnet.cli.HeapCare;
import dev.linnet.cli.HostPort;
import dev.linnet.cli.Shutdown;
import dev.linnet.cli.UserError;
import dev.linnet.gateway.feed.ApiClient;
import dev.linnet.loadtester.LoadTester;
import dev.linnet.loadtester.LoadTesterSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code linnet loadtester}: the webhook receiver, until SIGTERM. */
@Command(
        name = "loadtester",
        mixinStandardHelpOptions = true,
        description = "Answers a release's webhooks: gates, tests and load, as Flagger's load tester does.",
        footer = {
            "",
            "Examples:",
            "  linnet loadtester",
            "  linnet loadtester --listen 0.0.0.0:8080 --allow-commands hey,curl,grpcurl",
            "  curl -d '{\"name\":\"podinfo\",\"namespace\":\"test\"}' http://127.0.0.1:9090/gate/open",
            "  curl -d '{\"name\":\"podinfo\",\"namespace\":\"test\",\"metadata\":{\"cmd\":\"hey -z 1m -q 10 -c 2 http://127.0.0.1:8080/\"}}'"
                    + " http://127.0.0.1:9090/",
        })
public final class LoadTesterCommand implements Callable<Integer> {
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    @Mixin
    private final LoadTesterOptions options = new LoadTesterOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        LoadTesters.Place place = new LoadTesters.Place(options.listen(), System.getenv(), Path.of("."), line -> {
            synchronized (out) {
                out.println(line);
                out.flush();
            }
        });
        Optional<KubernetesClient> cluster = cluster();
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (HeapCare _ = HeapCare.start();
                LoadTester tester = LoadTester.start(settings(place, cluster))) {
            err.println("linnet: the load tester listens at " + HostPort.text(tester.address()));
            err.flush();
            Shutdown.onSignal(over, closed, LAST_WORDS);
            over.await();
        } catch (IOException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        } finally {
            cluster.ifPresent(KubernetesClient::close);
            closed.countDown();
        }
        return 0;
    }

    private static Optional<KubernetesClient> cluster() {
        return System.getenv("KUBERNETES_SERVICE_HOST") == null
                ? Optional.empty()
                : Optional.of(ApiClient.open(Config.autoConfigure(null)));
    }

    private LoadTesterSettings settings(LoadTesters.Place place, Optional<KubernetesClient> cluster) {
        return cluster.map(client -> LoadTesters.inCluster(options, place, client, client.getNamespace()))
                .orElseGet(() -> LoadTesters.onMachine(options, place));
    }
}
