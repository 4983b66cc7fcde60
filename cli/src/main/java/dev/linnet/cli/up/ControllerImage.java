package dev.linnet.cli.up;

import dev.linnet.cli.controller.ControllerOptions;
import dev.linnet.controller.ControllerProcess;
import dev.linnet.controller.ControllerSettings;
import dev.linnet.controller.fetch.OwnToken;
import dev.linnet.machine.BuiltInImage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;

/** The controller as a Pod of the local cluster. */
final class ControllerImage implements BuiltInImage {
    /** As in deploy/controller.yaml. */
    private static final String ACCOUNT = "linnet-controller";

    private final List<String> moreArgs;
    private final ClusterClients clients;

    /** @param moreArgs come after the Pod's own */
    ControllerImage(List<String> moreArgs, ClusterClients clients) {
        this.moreArgs = List.copyOf(moreArgs);
        this.clients = clients;
    }

    @Override
    public String name() {
        return "controller";
    }

    @Override
    public Container start(Context context) {
        ControllerOptions options = new ControllerOptions();
        List<String> args = new ArrayList<>(context.args().stream().skip(1).toList());
        args.add("--mesh-replicas=1"); // another one would not outlive this process
        args.addAll(moreArgs);
        new CommandLine(options).parseArgs(args.toArray(String[]::new));
        KubernetesClient client = clients.open(context.kubeconfig());
        try {
            return running(ControllerProcess.start(client, settings(options, context)), client);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static ControllerSettings settings(ControllerOptions options, Context context) {
        OwnToken.Account account = new OwnToken.Account(context.namespace(), ACCOUNT);
        InetSocketAddress metrics = new InetSocketAddress(
                context.address(), context.realPort(options.metrics().getPort()));
        return options.settings(context.env(), context.pod(), Optional.of(account), metrics);
    }

    private static Container running(ControllerProcess process, KubernetesClient client) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        process.replaced()
                .thenRunAsync(
                        () -> {
                            process.close();
                            client.close();
                            exit.complete(1);
                        },
                        Thread::startVirtualThread);
        return new Container() {
            @Override
            public void stop(Duration grace) {
                process.close();
                client.close();
                exit.complete(0);
            }

            @Override
            public CompletableFuture<Integer> exit() {
                return exit;
            }
        };
    }
}
