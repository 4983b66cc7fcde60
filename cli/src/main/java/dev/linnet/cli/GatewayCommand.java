package dev.linnet.cli;

import dev.linnet.gateway.GatewayProcess;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.gateway.log.AccessLogSettings.Form;
import dev.linnet.gateway.status.StatusSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code linnet gateway}: the data plane against any Kubernetes, until SIGTERM. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = "Serves traffic by the Ingresses of a cluster.",
        footer = {
            "",
            "Examples:",
            "  linnet gateway --http 0.0.0.0:8080",
            "  linnet gateway --kubeconfig ~/.kube/config --ingress-class nginx --update-status=false",
        })
final class GatewayCommand implements Callable<Integer> {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    @Mixin
    private final KubernetesAccess cluster = new KubernetesAccess();

    @Mixin
    private final GatewayOptions options = new GatewayOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        String name = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("gateway");
        try (KubernetesClient client = cluster.open(spec.commandLine().getErr());
                GatewayProcess process = GatewayProcess.start(
                        client,
                        new GatewayProcess.Settings(
                                options.settings(
                                        name, options.http(), options.https(), options.metrics(), toStandardOutput()),
                                options.follows(),
                                status(name)))) {
            spec.commandLine()
                    .getErr()
                    .println("linnet: the gateway serves at "
                            + HostPort.text(process.gateway().httpAddress())
                            + process.gateway()
                                    .httpsAddress()
                                    .map(https -> ", and over TLS at " + HostPort.text(https))
                                    .orElse(""));
            CountDownLatch over = new CountDownLatch(1);
            CountDownLatch closed = new CountDownLatch(1);
            Shutdown.onSignal(over, closed, options.shutdownGrace().plus(DRAIN).plusSeconds(10));
            over.await();
            process.announceEnd();
            Thread.sleep(options.shutdownGrace());
            process.stop(DRAIN);
            closed.countDown();
        } catch (IOException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
        return 0;
    }

    /** As ingress-nginx does. Past {@code System.out}, which locks and flushes. */
    private static AccessLogSettings toStandardOutput() {
        return new AccessLogSettings(Form.NGINX, new FileOutputStream(FileDescriptor.out));
    }

    private Optional<StatusSettings> status(String name) throws IOException {
        if (!options.updateStatus()) {
            return Optional.empty();
        }
        InetAddress address = options.http().getAddress();
        String own = (address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address).getHostAddress();
        List<String> published = options.published().isEmpty() ? List.of(own) : options.published();
        return Optional.of(new StatusSettings(published, List.of(options.http().getPort()), name));
    }
}
