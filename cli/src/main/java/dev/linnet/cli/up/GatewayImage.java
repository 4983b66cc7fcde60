package dev.linnet.cli.up;

import dev.linnet.cli.GatewayOptions;
import dev.linnet.gateway.GatewayProcess;
import dev.linnet.gateway.GatewaySettings;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.gateway.log.AccessLogSettings.Form;
import dev.linnet.gateway.status.Published;
import dev.linnet.gateway.status.StatusSettings;
import dev.linnet.machine.BuiltInImage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/**
 * The gateway as a Pod of the local cluster. It listens on its Pod's address as it would anywhere, and on the host's too, which
 * is where the person at this machine meets it.
 */
final class GatewayImage implements BuiltInImage {
    /** Looking where it listens costs nothing here, and Pods are ready soon. */
    private static final StatusSettings.Pace PACE =
            new StatusSettings.Pace(Duration.ofSeconds(2), Duration.ofSeconds(3));

    private final HostPorts ports;
    private final Form accessLog;
    private final ClusterClients clients;
    private final CompletableFuture<GatewayProcess> first = new CompletableFuture<>();

    /**
     * An image for one cluster.
     *
     * @param http      where to listen on the host; the others likewise, port 0 for any free one
     * @param accessLog what is written of requests, unless the Pod's args say so
     */
    GatewayImage(
            InetSocketAddress http,
            InetSocketAddress https,
            InetSocketAddress metrics,
            Form accessLog,
            ClusterClients clients) {
        this.accessLog = accessLog;
        this.clients = clients;
        this.ports = new HostPorts(http, https, metrics);
    }

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public Container start(Context context) throws IOException {
        GatewayOptions options = new GatewayOptions();
        new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(context.args().stream().skip(1).toArray(String[]::new));
        KubernetesClient client = clients.open(context.kubeconfig());
        try {
            GatewayProcess process = GatewayProcess.start(client, settings(context, options));
            return options.mesh().isPresent() ? inside(process, client) : running(process, client);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private GatewayProcess.Settings settings(Context context, GatewayOptions options) {
        InetSocketAddress own = new InetSocketAddress(
                context.address(), context.realPort(options.http().getPort()));
        GatewaySettings settings = options.settings(
                context.pod(),
                own,
                new InetSocketAddress(
                        context.address(), context.realPort(options.https().getPort())),
                new InetSocketAddress(
                        context.address(), context.realPort(options.metrics().getPort())),
                new AccessLogSettings(accessLog, new LineByLine(context.log())),
                context.env());
        StatusSettings status = new StatusSettings(
                new Published.Here(ports::http), context.pod(), true, StatusSettings.Lease.DEFAULT, PACE);
        return new GatewayProcess.Settings(
                settings,
                options.follows(context.env()),
                Optional.of(status).filter(_ -> options.mesh().isEmpty()));
    }

    private Container running(GatewayProcess process, KubernetesClient client) throws IOException {
        try {
            ports.offer(process);
        } catch (IOException e) {
            process.stop(Duration.ZERO);
            throw e;
        }
        first.complete(process);
        return container(process, client, () -> ports.withdraw(process));
    }

    /** One that serves inside the cluster has nothing to do with the host's addresses. */
    private static Container inside(GatewayProcess process, KubernetesClient client) {
        return container(process, client, () -> {});
    }

    private static Container container(GatewayProcess process, KubernetesClient client, Runnable beforeStop) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        return new Container() {
            @Override
            public void stop(Duration grace) {
                beforeStop.run();
                process.stop(grace);
                client.close();
                exit.complete(0);
            }

            @Override
            public CompletableFuture<Integer> exit() {
                return exit;
            }
        };
    }

    /** Waits until the gateway's first table is in force. */
    boolean awaitReady(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        try {
            GatewayProcess process = first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            while (!process.ready() && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            return process.ready();
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the gateway did not start", e.getCause());
        }
    }

    InetSocketAddress https() {
        return ports.https();
    }

    InetSocketAddress http() {
        return ports.http();
    }

    InetSocketAddress metrics() {
        return ports.metrics();
    }
}
