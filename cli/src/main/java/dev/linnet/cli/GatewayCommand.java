package dev.linnet.cli;

import dev.linnet.gateway.GatewayProcess;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.gateway.log.AccessLogSettings.Form;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
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
        OwnPod pod = OwnPod.of(System.getenv());
        AtomicReference<InetSocketAddress> listens = new AtomicReference<>(options.http());
        try (KubernetesClient client = cluster.open(spec.commandLine().getErr());
                GatewayProcess process = GatewayProcess.start(
                        client,
                        new GatewayProcess.Settings(
                                options.settings(
                                        pod.name(),
                                        options.http(),
                                        options.https(),
                                        options.metrics(),
                                        toStandardOutput(),
                                        System.getenv()),
                                options.follows(System.getenv()),
                                options.status(pod, listens::get)))) {
            listens.set(process.gateway().httpAddress());
            spec.commandLine()
                    .getErr()
                    .println("linnet: the gateway serves at "
                            + HostPort.text(process.gateway().httpAddress())
                            + process.gateway()
                                    .httpsAddress()
                                    .map(https -> ", over TLS at " + HostPort.text(https))
                                    .orElse("")
                            + process.gateway()
                                    .metricsAddress()
                                    .map(numbers -> ", its numbers at " + HostPort.text(numbers))
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
}
