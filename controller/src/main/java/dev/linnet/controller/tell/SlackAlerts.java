package dev.linnet.controller.tell;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.step.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alerts in Slack, for all Canaries that name no receivers of their own. */
public final class SlackAlerts implements Teller {
    private static final Logger LOG = LoggerFactory.getLogger(SlackAlerts.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final HttpClient http;
    private final Channel channel;

    /**
     * Where alerts go.
     *
     * @param url     of Slack's incoming webhook, a secret
     * @param cluster shown with each alert
     */
    public record Channel(URI url, String name, String user, Optional<String> cluster) {

        /** Without the URL, which is a secret. */
        @Override
        public String toString() {
            return "Channel[" + name + "]";
        }
    }

    public SlackAlerts(HttpClient http, Channel channel) {
        this.http = http;
        this.channel = channel;
    }

    @Override
    public void tell(Message message, About about) throws InterruptedException {
        if (message instanceof Message.Alert alert && about.plan().alerts().isEmpty()) {
            send(body(alert, about.plan().release()));
        }
    }

    private void send(ObjectNode body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(channel.url())
                .timeout(DEADLINE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
            if (answer.statusCode() >= 300) {
                LOG.atWarn().addKeyValue("status", answer.statusCode()).log("an alert was not accepted by Slack");
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("an alert could not be sent to Slack");
        }
    }

    private ObjectNode body(Message.Alert alert, Release release) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("channel", channel.name());
        body.put("username", channel.user());
        body.put("icon_url", "");
        body.put("icon_emoji", ":rocket:");
        ObjectNode attachment = body.putArray("attachments").addObject();
        attachment.put("color", alert.severity() == Message.Severity.ERROR ? "danger" : "good");
        attachment.put("author_name", release.names().canaryInNamespace());
        attachment.put("text", alert.text());
        attachment.putArray("mrkdwn_in").add("text");
        ArrayNode fields = attachment.putArray("fields");
        channel.cluster().ifPresent(cluster -> field(fields, "Cluster", cluster));
        if (alert.described()) {
            describe(fields, release);
        }
        return body;
    }

    private static void describe(ArrayNode fields, Release release) {
        field(fields, "Target", release.kind() + "/" + release.names().targetInNamespace());
        field(
                fields,
                "Failed checks threshold",
                Integer.toString(release.analysis().checks().threshold()));
        field(fields, "Progress deadline", release.options().progressDeadline().toSeconds() + "s");
        field(fields, "Traffic routing", routing(release.analysis().strategy()));
    }

    private static String routing(Strategy strategy) {
        return switch (strategy) {
            case Strategy.AbTest _ -> "A/B Testing";
            case Strategy.BlueGreen _ -> "Blue/Green";
            case Strategy.Weighted weighted -> steps(weighted.steps());
        };
    }

    private static String steps(Steps steps) {
        if (steps.weights().isEmpty()) {
            return "Weight step: " + steps.stepWeight() + " max: " + steps.maxWeight();
        }
        return "Weight steps: "
                + steps.weights().stream().map(String::valueOf).collect(Collectors.joining(",")) + " max: "
                + steps.maxWeight();
    }

    private static void field(ArrayNode fields, String title, String value) {
        fields.addObject().put("title", title).put("value", value).put("short", false);
    }
}
