package dev.linnet.cli.controller;

import dev.linnet.cli.UserError;
import dev.linnet.controller.tell.AlertForm;
import dev.linnet.controller.tell.AlertReceiver;
import dev.linnet.controller.tell.AlertReceivers;
import dev.linnet.routing.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who is told alerts of Canaries that name no AlertProvider. Teams takes Slack's place, as in Flagger; CloudEvents go beside either. */
final class AlertOptions {

    @Option(
            names = {"--slack-url", "-slack-url"},
            paramLabel = "URL",
            description = "Slack's incoming webhook; better given as SLACK_URL, which no process list shows.")
    private String slackUrl = "";

    @Option(
            names = {"--slack-token", "-slack-token"},
            paramLabel = "TOKEN",
            description = "Sent with alerts to Slack; better given as SLACK_TOKEN.")
    private String slackToken = "";

    @Option(
            names = {"--slack-proxy-url", "-slack-proxy-url"},
            paramLabel = "URL",
            description = "The proxy through which Slack is called (or SLACK_PROXY_URL).")
    private String slackProxy = "";

    @Option(
            names = {"--slack-channel", "-slack-channel"},
            paramLabel = "NAME",
            defaultValue = "general",
            description = "Default: ${DEFAULT-VALUE}.")
    private String channel = "general";

    @Option(
            names = {"--slack-user", "-slack-user"},
            paramLabel = "NAME",
            defaultValue = "flagger",
            description = "Default: ${DEFAULT-VALUE}.")
    private String user = "flagger";

    @Option(
            names = {"--msteams-url", "-msteams-url"},
            paramLabel = "URL",
            description = "A webhook of Microsoft Teams, instead of Slack's; better given as MSTEAMS_URL.")
    private String teamsUrl = "";

    @Option(
            names = {"--msteams-proxy-url", "-msteams-proxy-url"},
            paramLabel = "URL",
            description = "The proxy through which Teams is called (or MSTEAMS_PROXY_URL).")
    private String teamsProxy = "";

    @Option(
            names = "--alert-webhook",
            paramLabel = "URL",
            description = "A receiver of alerts as CloudEvents; better given as ALERT_WEBHOOK_URL, and its token as"
                    + " ALERT_WEBHOOK_TOKEN.")
    private String cloudEventsUrl = "";

    @Option(
            names = {"--cluster-name", "-cluster-name"},
            paramLabel = "NAME",
            description = "Shown with alerts.")
    private String clusterName = "";

    AlertReceivers.Usual settings(Map<String, String> env, boolean keepsToNamespace) {
        List<AlertReceiver> receivers = new ArrayList<>();
        Optional<URI> teams = url("--msteams-url", value(env, "MSTEAMS_URL", teamsUrl));
        if (teams.isPresent()) {
            receivers.add(receiver(
                    AlertForm.MSTEAMS,
                    teams.get(),
                    Optional.empty(),
                    url("--msteams-proxy-url", value(env, "MSTEAMS_PROXY_URL", teamsProxy))));
        } else {
            url("--slack-url", value(env, "SLACK_URL", slackUrl))
                    .ifPresent(url -> receivers.add(receiver(
                            AlertForm.SLACK,
                            url,
                            ControllerOptions.optional(value(env, "SLACK_TOKEN", slackToken)),
                            url("--slack-proxy-url", value(env, "SLACK_PROXY_URL", slackProxy)))));
        }
        url("--alert-webhook", value(env, "ALERT_WEBHOOK_URL", cloudEventsUrl))
                .ifPresent(url -> receivers.add(receiver(
                        AlertForm.CLOUDEVENTS,
                        url,
                        ControllerOptions.optional(value(env, "ALERT_WEBHOOK_TOKEN", "")),
                        Optional.empty())));
        return new AlertReceivers.Usual(receivers, ControllerOptions.optional(clusterName), keepsToNamespace);
    }

    private AlertReceiver receiver(AlertForm form, URI url, Optional<String> token, Optional<URI> proxy) {
        return new AlertReceiver(
                "the controller's " + form + " receiver",
                form,
                Secret.of(url),
                token.map(Secret::of),
                proxy,
                channel.isBlank() ? "general" : channel,
                user);
    }

    /** An environment variable wins over the flag unless it is empty. */
    static String value(Map<String, String> env, String variable, String flag) {
        String value = env.getOrDefault(variable, "");
        return value.isBlank() ? flag : value;
    }

    private static Optional<URI> url(String option, String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            URI url = URI.create(text.strip());
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException _) {
            // Told below, without the text: it may be a secret.
        }
        throw new UserError(option + " is no URL (expected: https://…)");
    }
}
