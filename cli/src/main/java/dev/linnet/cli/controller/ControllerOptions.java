package dev.linnet.cli.controller;

import dev.linnet.cli.UserError;
import dev.linnet.controller.ControllerSettings;
import dev.linnet.controller.hook.LoadTesterToken;
import dev.linnet.controller.mesh.MeshSettings;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.tell.SlackAlerts;
import dev.linnet.loadtester.hey.ProxyEnvironment;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code linnet controller} takes: Flagger's flags, with one dash or two, and its environment, which wins. */
public final class ControllerOptions {

    @Option(
            names = {"--mesh-provider", "-mesh-provider"},
            paramLabel = "NAME",
            defaultValue = "nginx",
            description =
                    "Who routes for Canaries that name no provider: nginx or kubernetes (default: ${DEFAULT-VALUE}).")
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
            names = {"--event-webhook", "-event-webhook"},
            paramLabel = "URL",
            description = "Where events go of Canaries without a webhook of type event.")
    private String eventWebhook = "";

    @Option(
            names = {"--slack-url", "-slack-url"},
            paramLabel = "URL",
            description = "Slack's incoming webhook; better given as SLACK_URL, which no process list shows.")
    private String slackUrl = "";

    @Option(
            names = {"--slack-channel", "-slack-channel"},
            paramLabel = "NAME",
            defaultValue = "general",
            description = "Default: ${DEFAULT-VALUE}.")
    private String slackChannel = "general";

    @Option(
            names = {"--slack-user", "-slack-user"},
            paramLabel = "NAME",
            defaultValue = "flagger",
            description = "Default: ${DEFAULT-VALUE}.")
    private String slackUser = "flagger";

    @Option(
            names = {"--cluster-name", "-cluster-name"},
            paramLabel = "NAME",
            description = "Shown with alerts.")
    private String clusterName = "";

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
            description = "Where the Lease is (default: ${DEFAULT-VALUE}).")
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

    /**
     * What they come to.
     *
     * @param env      whose SLACK_URL and EVENT_WEBHOOK_URL win
     * @param identity of this replica
     * @param account  its own, where it runs as a Pod
     */
    public ControllerSettings settings(
            Map<String, String> env, String identity, Optional<LoadTesterToken.Account> account) {
        return new ControllerSettings(
                optional(namespace),
                provider,
                annotationsPrefix,
                words(selectorLabels),
                words(labelPrefixes),
                tracksConfigs,
                new Gateways.Where("linnet-system", gateways),
                optional(env.getOrDefault("SLACK_URL", slackUrl)).map(this::slack),
                optional(env.getOrDefault("EVENT_WEBHOOK_URL", eventWebhook)),
                leaderElection
                        ? Optional.of(new ControllerSettings.Leases(
                                leaseNamespace, identity, ControllerSettings.Leases.USUAL))
                        : Optional.empty(),
                account,
                ProxyEnvironment.of(env),
                new MeshSettings(meshImage, Math.max(1, meshReplicas)));
    }

    private SlackAlerts.Channel slack(String url) {
        try {
            return new SlackAlerts.Channel(URI.create(url), slackChannel, slackUser, optional(clusterName));
        } catch (IllegalArgumentException e) {
            throw new UserError("--slack-url is no URL (expected: https://hooks.slack.com/…)", e);
        }
    }

    private static Optional<String> optional(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
