package dev.linnet.cli.up;

import dev.linnet.cli.KubernetesAccess;
import dev.linnet.cli.console.ConsoleOptions;
import dev.linnet.console.Console;
import dev.linnet.console.ConsoleSettings;
import dev.linnet.console.access.Owner;
import dev.linnet.machine.BuiltInImage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The console as a Pod of the local cluster, which begins with its first visitor: nobody waits for it before. */
final class ConsoleImage implements BuiltInImage {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleImage.class);

    private final HostSocket socket;
    private final Owner owner;
    private final ClusterClients clients;
    private final CountDownLatch wanted = new CountDownLatch(1);

    /**
     * An image for one cluster.
     *
     * @param socket where the person at this machine comes
     * @param owner  that person
     */
    ConsoleImage(HostSocket socket, Owner owner, ClusterClients clients) {
        this.socket = socket;
        this.owner = owner;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "console";
    }

    /** Somebody wants to see it. */
    void open() {
        wanted.countDown();
    }

    @Override
    public Container start(Context context) {
        ConsoleOptions options = new ConsoleOptions();
        new CommandLine(options).parseArgs(context.args().stream().skip(1).toArray(String[]::new));
        InetSocketAddress own = new InetSocketAddress(
                context.address(), context.realPort(options.listen().getPort()));
        ConsoleSettings settings = options.settings(own, socket.address().getPort(), Optional.of(owner));
        return new Running(KubernetesAccess.read(context.kubeconfig()), settings);
    }

    /** A Pod's console, which may not have begun yet. */
    private final class Running implements Container {
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private final Thread thread;

        private Running(io.fabric8.kubernetes.client.Config config, ConsoleSettings settings) {
            this.thread = Thread.ofVirtual().name("console").start(() -> run(config, settings));
        }

        private void run(io.fabric8.kubernetes.client.Config config, ConsoleSettings settings) {
            try {
                wanted.await();
                try (KubernetesClient client = clients.open(config);
                        Console console = Console.start(client, settings)) {
                    console.alsoServe(socket.take());
                    new CountDownLatch(1).await();
                }
            } catch (InterruptedException _) {
                exit.complete(0); // stopped
            } catch (IOException e) {
                LOG.atError().setCause(e).log("The console could not start");
                exit.complete(1);
            }
        }

        @Override
        public void stop(Duration grace) {
            thread.interrupt();
            try {
                thread.join(grace.plusSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exit.complete(0);
        }

        @Override
        public CompletableFuture<Integer> exit() {
            return exit;
        }
    }
}
