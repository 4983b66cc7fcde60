package dev.linnet.cli.controller;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.TracingEnvironment;
import dev.linnet.cli.UserError;
import dev.linnet.controller.ControllerSettings;
import dev.linnet.controller.fetch.OwnToken;
import dev.linnet.controller.mesh.MeshSettings;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.loadtester.hey.ProxyEnvironment;
import dev.linnet.routing.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code linnet controller} takes: Flagger's flags, with one dash or two, and its environment, which wins. */
public final class ControllerOptions {

    @Option(
            names = {"--mesh-provider", "-mesh-provider"},
            paramLabel = "NAME",
            defaultValue = "nginx",
            description =
                    "Who routes for Canaries that name no provider: nginx, istio, gatewayapi:v1, knative or kubernetes (default:"
                            + " ${DEFAULT-VALUE}).")
    private String provider = "nginx";

    @Option(
            names = {"--namespace", "-namespace"},
            paramLabel = "NS",
            description = "The only namespace to watch (default: all).")
    private String namespace = "";

    @Option(
            names = {"--ingress-annotations-prefix", "-ingress-annotations-prefix"},
            paramLabel = "PREFIX",
            defaultValue = "nginx.ingress.kubernetes.io",
            description = "Of the canary annotations (default: ${DEFAULT-VALUE}).")
    private String annotationsPrefix = "nginx.ingress.kubernetes.io";

    @Option(
            names = {"--selector-labels", "-selector-labels"},
            paramLabel = "NAMES",
            defaultValue = "app,name,app.kubernetes.io/name",
            description = "Labels that tell a target's Pods from its primary's, in order (default: ${DEFAULT-VALUE}).")
    private String selectorLabels = "app,name,app.kubernetes.io/name";

    @Option(
            names = {"--include-label-prefix", "-include-label-prefix"},
            paramLabel = "PREFIXES",
            description = "Prefixes of labels and annotations that primaries carry too; * for all (default: none).")
    private String labelPrefixes = "";

    @Option(
            names = {"--enable-config-tracking", "-enable-config-tracking"},
            arity = "0..1",
            paramLabel = "BOOL",
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether ConfigMaps and Secrets belong to a version (default: true).")
    private boolean tracksConfigs = true;

    @Option(
            names = {"--metrics-server", "-metrics-server"},
            paramLabel = "URL",
            description = {
                "Prometheus, for the metrics request-success-rate and request-duration and for queries",
                "(default: none; the gateways' own numbers are used)."
            })
    private String metricsServer = "";

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9114",
            converter = HostPort.class,
            description = "Where its own metrics and /healthz are (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private InetSocketAddress metrics;

    @Option(
            names = {"--port", "-port"},
            paramLabel = "PORT",
            description = "The same on this port of all addresses, as Flagger's.")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = {"--no-cross-namespace-refs", "-no-cross-namespace-refs"},
            arity = "0..1",
            paramLabel = "BOOL",
            fallbackValue = "true",
            description = "Whether Canaries may only use templates and alert providers of their own namespace.")
    private boolean keepsToNamespace;

    @Option(
            names = {"--event-webhook", "-event-webhook"},
            paramLabel = "URL",
            description = "Where events go of Canaries without a webhook of type event.")
    private String eventWebhook = "";

    @Mixin
    private final AlertOptions alerts = new AlertOptions();

    @Option(
            names = {"--enable-leader-election", "-enable-leader-election"},
            arity = "0..1",
            paramLabel = "BOOL",
            fallbackValue = "true",
            description = "For several replicas, of which one acts.")
    private boolean leaderElection;

    @Option(
            names = {"--leader-election-namespace", "-leader-election-namespace"},
            paramLabel = "NS",
            defaultValue = "linnet-system",
            description = "Where the Lease is (default: ${DEFAULT-VALUE}); with --namespace, it is there.")
    private String leaseNamespace = "linnet-system";

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            split = ",",
            description =
                    "Gateways whose numbers are read beside those of Service linnet-system/linnet-gateway-metrics.")
    private List<URI> gateways = List.of();

    @Option(
            names = "--mesh-image",
            paramLabel = "IMAGE",
            defaultValue = "linnet",
            description = "What gateways inside the cluster run, for Services with linnet.dev/mesh (default:"
                    + " ${DEFAULT-VALUE}).")
    private String meshImage = "linnet";

    @Option(
            names = "--mesh-replicas",
            paramLabel = "NUMBER",
            defaultValue = "2",
            description = "How many of them in each namespace (default: ${DEFAULT-VALUE}).")
    private int meshReplicas = 2;

    @Option(
            names = {
                "-log-level",
                "--log-level",
                "-zap-encoding",
                "--zap-encoding",
                "-zap-replace-globals",
                "--zap-replace-globals",
                "-control-loop-interval",
                "--control-loop-interval",
                "-threadiness",
                "--threadiness",
                "-kubeconfig-qps",
                "--kubeconfig-qps",
                "-kubeconfig-burst",
                "--kubeconfig-burst",
                "-ingress-class",
                "--ingress-class",
                "-logtostderr",
                "-v"
            },
            arity = "0..1",
            paramLabel = "VALUE",
            hidden = true,
            description =
                    "Flags of Flagger's about how it works inside: taken, so that manifests run as they are, and without effect.")
    @SuppressWarnings("unused") // set by picocli
    private List<String> withoutEffect = List.of();

    @Option(
            names = {"-master", "--master", "-kubeconfig-service-mesh", "--kubeconfig-service-mesh"},
            arity = "0..1",
            paramLabel = "VALUE",
            hidden = true,
            description = "Flags of Flagger's that only their default, which is empty, is taken of.")
    void elsewhere(List<String> values) {
        if (values.stream().anyMatch(value -> !value.isBlank())) {
            throw new UserError(
                    "-master and -kubeconfig-service-mesh are not obeyed (expected: --kubeconfig, which names"
                            + " the cluster of the Canaries and of the objects that route)");
        }
    }

    /** Where the Lease is of the one that acts. */
    String leaseNamespace() {
        return namespace.isBlank() ? leaseNamespace : namespace;
    }

    /** Where its own metrics are: {@code -port} counts for all addresses, as in Flagger. */
    public InetSocketAddress metrics() {
        return port.map(InetSocketAddress::new).orElse(metrics);
    }

    /**
     * What they come to.
     *
     * @param env      whose SLACK_URL, MSTEAMS_URL and EVENT_WEBHOOK_URL win
     * @param identity of this replica
     * @param account  its own, where it runs as a Pod
     * @param metricsAddress where it serves its own metrics
     */
    public ControllerSettings settings(
            Map<String, String> env,
            String identity,
            Optional<OwnToken.Account> account,
            InetSocketAddress metricsAddress) {
        return new ControllerSettings(
                optional(namespace),
                provider,
                annotationsPrefix,
                words(selectorLabels),
                words(labelPrefixes),
                tracksConfigs,
                new Gateways.Where("linnet-system", gateways),
                new Measurements.Settings(optional(metricsServer), keepsToNamespace),
                aws(env),
                metricsAddress,
                alerts.settings(env, keepsToNamespace),
                optional(AlertOptions.value(env, "EVENT_WEBHOOK_URL", eventWebhook)),
                leaderElection
                        ? Optional.of(new ControllerSettings.Leases(
                                leaseNamespace(), identity, ControllerSettings.Leases.USUAL))
                        : Optional.empty(),
                account,
                ProxyEnvironment.of(env),
                new MeshSettings(meshImage, Math.max(1, meshReplicas), TracingEnvironment.insideToo(env)));
    }

    private static Secret<Map<String, String>> aws(Map<String, String> env) {
        Map<String, String> aws = new HashMap<>(env);
        aws.keySet().removeIf(name -> !name.startsWith("AWS_"));
        return Secret.of(Map.copyOf(aws));
    }

    static Optional<String> optional(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
