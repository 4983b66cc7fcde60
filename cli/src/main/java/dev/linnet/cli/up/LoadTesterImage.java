package dev.linnet.cli.up;

import dev.linnet.cli.loadtester.LoadTesterOptions;
import dev.linnet.cli.loadtester.LoadTesters;
import dev.linnet.loadtester.LoadTester;
import dev.linnet.machine.BuiltInImage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;

/** Image {@code flagger-loadtester}: the load tester as a Pod of the local cluster, also from manifests that were written for Flagger's. */
final class LoadTesterImage implements BuiltInImage {
    private final ClusterClients clients;

    LoadTesterImage(ClusterClients clients) {
        this.clients = clients;
    }

    @Override
    public String name() {
        return "flagger-loadtester";
    }

    @Override
    public Container start(Context context) throws IOException {
        LoadTesterOptions options = new LoadTesterOptions();
        new CommandLine(options).parseArgs(flags(context));
        KubernetesClient client = clients.open(context.kubeconfig());
        try {
            LoadTesters.Place place = new LoadTesters.Place(
                    new InetSocketAddress(
                            context.address(), context.realPort(options.listen().getPort())),
                    context.env(),
                    context.kubeconfig().resolveSibling(".").normalize(),
                    line -> print(context.log(), line));
            return running(
                    LoadTester.start(LoadTesters.inCluster(options, place, client, context.namespace())), client);
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Flagger's manifests name the program first, in the command or in the args. */
    private static String[] flags(Context context) {
        List<String> words = new java.util.ArrayList<>(context.command());
        words.addAll(context.args());
        return words.stream().filter(word -> word.startsWith("-")).toArray(String[]::new);
    }

    private static void print(OutputStream log, String line) {
        try {
            synchronized (log) {
                log.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                log.flush();
            }
        } catch (IOException e) {
            // The log is gone with its Pod; serving matters more.
        }
    }

    private static Container running(LoadTester tester, KubernetesClient client) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        return new Container() {
            @Override
            public void stop(Duration grace) {
                tester.close();
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
