package dev.linnet.cli.loadtester;

import dev.linnet.loadtester.Callers;
import dev.linnet.loadtester.LoadTesterSettings;
import dev.linnet.loadtester.task.TaskSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts a load tester's settings together, for the command and for a Pod of the local cluster alike. */
public final class LoadTesters {
    private LoadTesters() {}

    /**
     * Where one runs.
     *
     * @param env    environment of the commands
     * @param folder their working directory
     * @param log    takes whole lines
     */
    public record Place(InetSocketAddress listen, Map<String, String> env, Path folder, Consumer<String> log) {
        public Place {
            env = Map.copyOf(env);
        }
    }

    /** In a cluster: for Pods of its namespace, and for whom the options name. */
    public static LoadTesterSettings inCluster(
            LoadTesterOptions options, Place place, KubernetesClient client, String namespace) {
        Callers callers = options.callers().contains("*")
                ? Callers.anybody()
                : new ClusterCallers(client, namespace, options.callers(), place.log(), InstantSource.system());
        return settings(options, place, Optional.of(namespace), callers);
    }

    /** On a machine: for programs of this machine, or for anybody where the options say so. */
    public static LoadTesterSettings onMachine(LoadTesterOptions options, Place place) {
        Callers local = caller -> caller.address().isLoopbackAddress() || isOwn(caller.address(), place.listen());
        return settings(options, place, Optional.empty(), options.callers().contains("*") ? Callers.anybody() : local);
    }

    private static boolean isOwn(InetAddress caller, InetSocketAddress listen) {
        return caller.equals(listen.getAddress());
    }

    private static LoadTesterSettings settings(
            LoadTesterOptions options, Place place, Optional<String> namespace, Callers callers) {
        return new LoadTesterSettings(
                place.listen(),
                namespace,
                options.namespaces(),
                callers,
                new TaskSettings(options.commands(), options.timeout(), place.env(), place.folder(), place.log()));
    }
}
