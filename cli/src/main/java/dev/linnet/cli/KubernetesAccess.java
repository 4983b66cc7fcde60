package dev.linnet.cli;

import dev.linnet.gateway.feed.ApiClient;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which cluster a command talks to: {@code --kubeconfig}, else KUBECONFIG, else the running local cluster, else {@code ~/.kube/config}. */
public final class KubernetesAccess {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Which cluster (else: KUBECONFIG, the running local cluster, ~/.kube/config, the Pod's own account).")
    private Optional<Path> kubeconfig = Optional.empty();

    /** As if it had been said by {@code --kubeconfig}. */
    public void use(Path file) {
        kubeconfig = Optional.of(file);
    }

    /** Where a client's settings came from, for the line on stderr. */
    record Source(String words, Config config) {}

    /** The folder of the running local cluster, if that is the one that {@link #open} would take. */
    public Optional<Path> runningLocally() {
        Path local = StateDirectory.usual(System.getenv(), Path.of(System.getProperty("user.home")));
        boolean named = kubeconfig.isPresent()
                || !System.getenv().getOrDefault("KUBECONFIG", "").isBlank();
        if (!named && StateDirectory.isRunning(local)) {
            return Optional.of(local);
        }
        return kubeconfig
                .or(() -> Optional.ofNullable(System.getenv("KUBECONFIG")).map(Path::of))
                .map(file -> file.toAbsolutePath().normalize().getParent())
                .filter(StateDirectory::isRunning);
    }

    /** Opens a client and says on {@code err} which cluster it talks to. */
    public KubernetesClient open(PrintWriter err) {
        Source source = find(System.getenv(), Path.of(System.getProperty("user.home")));
        err.println("linnet: using " + source.words());
        err.flush();
        return ApiClient.open(source.config());
    }

    public static Config read(Path kubeconfig) {
        File file = kubeconfig.toFile();
        if (!file.canRead()) {
            throw new UserError(
                    "cannot read the kubeconfig " + kubeconfig + " (expected: a file that kubectl can use)");
        }
        try {
            return Config.fromKubeconfig(file);
        } catch (RuntimeException e) {
            throw new UserError(kubeconfig + " is no kubeconfig: " + e.getMessage(), e);
        }
    }

    private Source find(Map<String, String> env, Path home) {
        if (kubeconfig.isPresent()) {
            return new Source("the cluster of " + kubeconfig.get(), read(kubeconfig.get()));
        }
        String named = env.getOrDefault("KUBECONFIG", "");
        if (!named.isBlank()) {
            // kubectl merges a list of files; we take the first that is there.
            for (String candidate : named.split(File.pathSeparator, -1)) {
                if (Files.isReadable(Path.of(candidate))) {
                    return new Source("the cluster of KUBECONFIG (" + candidate + ")", read(Path.of(candidate)));
                }
            }
            throw new UserError("KUBECONFIG names " + named + ", which cannot be read (expected: a kubeconfig file)");
        }
        return withoutNames(env, home);
    }

    private static Source withoutNames(Map<String, String> env, Path home) {
        Path local = StateDirectory.usual(env, home);
        if (StateDirectory.isRunning(local)) {
            return new Source(
                    "the local cluster (" + local.resolve("kubeconfig") + ")", read(local.resolve("kubeconfig")));
        }
        Path usual = home.resolve(".kube/config");
        if (Files.isReadable(usual)) {
            return new Source("the cluster of " + usual, read(usual));
        }
        if (env.containsKey("KUBERNETES_SERVICE_HOST")) {
            return new Source("the cluster that this Pod runs in", Config.autoConfigure(null));
        }
        throw new UserError(
                "there is no cluster to talk to (expected: a running `linnet up`, --kubeconfig FILE or KUBECONFIG)");
    }
}
