package dev.linnet.controller.tell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.Recorder;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What receivers of alerts get, letter by letter. */
final class AlertsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Message.Alert BEGINS =
            new Message.Alert("3-1", Severity.INFO, "New revision detected, progressing canary analysis.", true);
    private static final Message.Alert FAILS =
            new Message.Alert("3-9", Severity.ERROR, "Failed checks threshold reached 10", false);

    private final Fetch fetch = new Fetch(Duration.ofSeconds(20), ProxySelector.of(null));
    private final Map<String, String> objects = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private Recorder api;

    @SuppressWarnings("NullAway.Init")
    private Recorder chat;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        chat = Recorder.answering(200, "ok");
        api = Recorder.start(exchange -> {
            String path = exchange.getRequestURI().getPath();
            String object = exchange.getRequestMethod().equals("POST") ? "{}" : objects.getOrDefault(path, "");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(object.isEmpty() ? 404 : 200, object).answer(exchange);
        });
        client = api.client();
    }

    @AfterEach
    void end() {
        client.close();
        fetch.close();
        api.close();
        chat.close();
    }

    private void tell(Message message, String alerts, Optional<String> cluster, AlertReceiver... usual)
            throws Exception {
        AlertReceivers receivers = new AlertReceivers(client, new AlertReceivers.Usual(List.of(usual), cluster, false));
        Alerts.Retries retries = new Alerts.Retries(Duration.ofMillis(1), Duration.ofMillis(5), 4);
        Alerts teller = new Alerts(receivers, fetch, new KubernetesEvents(client, () -> NOW), () -> NOW, retries);
        for (String receiver : teller.receivers(message, about(alerts))) {
            teller.tell(message, about(alerts), receiver);
        }
    }

    private AlertReceiver receiver(AlertForm form, String path) {
        return new AlertReceiver(
                "the chat",
                form,
                Secret.of(chat.url(path)),
                Optional.of(Secret.of("t0ken")),
                Optional.empty(),
                "releases",
                "linnet");
    }

    private static About about(String alerts) throws Exception {
        Canary canary = Serialization.unmarshal("""
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo, namespace: test, uid: u1}
                spec:
                  provider: nginx
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}
                  progressDeadlineSeconds: 60
                  service: {port: 80}
                  analysis:
                    interval: 1m
                    threshold: 10
                    maxWeight: 50
                    stepWeight: 5
                    alerts: [ALERTS]
                """.replace("ALERTS", alerts), Canary.class);
        return new About(canary, CanaryReader.read(canary.getMetadata(), canary.getSpec(), "nginx"), "");
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private void sends(String expected) throws IOException {
        assertThat(json(chat.last().body())).isEqualTo(json(expected));
    }

    private List<String> events() {
        return api.asked().stream()
                .filter(asked -> asked.method().equals("POST"))
                .map(Recorder.Asked::body)
                .toList();
    }

    @Test
    void tellsSlack() throws Exception {
        tell(BEGINS, "", Optional.of("prod-1"), receiver(AlertForm.SLACK, "/hook"));
        sends("""
                {"channel": "releases", "username": "linnet", "icon_url": "", "icon_emoji": ":rocket:",
                 "attachments": [{"color": "good", "author_name": "podinfo.test",
                   "text": "New revision detected, progressing canary analysis.", "mrkdwn_in": ["text"],
                   "fields": [
                     {"title": "Cluster", "value": "prod-1", "short": false},
                     {"title": "Target", "value": "Deployment/podinfo.test", "short": false},
                     {"title": "Failed checks threshold", "value": "10", "short": false},
                     {"title": "Progress deadline", "value": "60s", "short": false},
                     {"title": "Traffic routing", "value": "Weight step: 5 max: 50", "short": false}]}]}
                """);
        assertThat(chat.last().header("Authorization")).isEqualTo("Bearer t0ken");
        assertThat(chat.last().header("Content-Type")).isEqualTo("application/json");
        assertThat(chat.last().header("Idempotency-Key")).isEqualTo("u1/3-1");

        tell(FAILS, "", Optional.empty(), receiver(AlertForm.SLACK, "/hook"));
        sends("""
                {"channel": "releases", "username": "linnet", "icon_url": "", "icon_emoji": ":rocket:",
                 "attachments": [{"color": "danger", "author_name": "podinfo.test",
                   "text": "Failed checks threshold reached 10", "mrkdwn_in": ["text"], "fields": []}]}
                """);
    }

    @Test
    void tellsDiscordThroughItsSlackPath() throws Exception {
        tell(FAILS, "", Optional.empty(), receiver(AlertForm.DISCORD, "/api/webhooks/1/abc"));
        assertThat(chat.last().url().getPath()).isEqualTo("/api/webhooks/1/abc/slack");
        assertThat(chat.last().header("Authorization")).isEmpty();
        sends("""
                {"channel": "releases", "username": "linnet", "icon_url": "", "icon_emoji": ":rocket:",
                 "attachments": [{"color": "danger", "author_name": "podinfo.test",
                   "text": "Failed checks threshold reached 10", "mrkdwn_in": ["text"], "fields": []}]}
                """);
        tell(FAILS, "", Optional.empty(), receiver(AlertForm.DISCORD, "/api/webhooks/1/abc/slack"));
        assertThat(chat.last().url().getPath()).isEqualTo("/api/webhooks/1/abc/slack");
    }

    @Test
    void tellsRocketChat() throws Exception {
        tell(FAILS, "", Optional.empty(), receiver(AlertForm.ROCKET, "/hooks/1"));
        sends("""
                {"channel": "releases", "username": "linnet", "icon_url": "", "icon_emoji": ":rocket:",
                 "attachments": [{"color": "#FF0000", "author_name": "podinfo.test",
                   "text": "Failed checks threshold reached 10", "mrkdwn_in": ["text"], "fields": []}]}
                """);
        tell(BEGINS, "", Optional.empty(), receiver(AlertForm.ROCKET, "/hooks/1"));
        assertThat(json(chat.last().body()).at("/attachments/0/color").asText()).isEqualTo("#0076D7");
    }

    @Test
    void tellsTeamsAsItsConnectorsTookIt() throws Exception {
        tell(FAILS, "", Optional.of("prod-1"), receiver(AlertForm.MSTEAMS, "/webhookb2/x/IncomingWebhook/y"));
        sends("""
                {"@type": "MessageCard", "@context": "http://schema.org/extensions", "themeColor": "FF0000",
                 "summary": "podinfo.test",
                 "sections": [{"activityTitle": "Failed checks threshold reached 10",
                   "activitySubtitle": "podinfo.test", "facts": [{"name": "Cluster", "value": "prod-1"}]}]}
                """);
    }

    @Test
    void tellsTeamsAsItsWorkflowsTakeIt() throws Exception {
        tell(
                FAILS,
                "",
                Optional.of("prod-1"),
                receiver(AlertForm.MSTEAMS, "/workflows/1/triggers/manual/paths/invoke"));
        sends("""
                {"type": "message",
                 "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive",
                   "content": {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                     "type": "AdaptiveCard", "version": "1.4", "msteams": {"width": "Full"},
                     "body": [
                       {"type": "TextBlock", "text": "Failed checks threshold reached 10", "weight": "Bolder",
                        "color": "Attention", "wrap": true},
                       {"type": "TextBlock", "text": "podinfo.test", "isSubtle": true, "spacing": "None"},
                       {"type": "FactSet", "facts": [{"title": "Cluster", "value": "prod-1"}]}]}}]}
                """);
    }

    @Test
    void tellsGoogleChat() throws Exception {
        tell(FAILS, "", Optional.of("a<b"), receiver(AlertForm.GCHAT, "/v1/spaces/x/messages?key=k"));
        sends("""
                {"cards": [{"header": {"title": "Flagger", "subtitle": "podinfo.test",
                     "imageUrl": "https://flagger.app/favicon.png"},
                   "sections": [
                     {"widgets": [{"textParagraph": {"text":
                       "<font color=\\"#FF0000\\"><strong>Failed checks threshold reached 10</strong></font>"}}]},
                     {"widgets": [{"textParagraph": {"text": "Cluster<br><strong>a&lt;b</strong>"}}]}]}]}
                """);
        assertThat(chat.last().url().getRawQuery()).isEqualTo("key=k");
    }

    @Test
    void tellsAnyReceiverOfCloudEvents() throws Exception {
        tell(FAILS, "", Optional.of("prod-1"), receiver(AlertForm.CLOUDEVENTS, "/"));
        sends("""
                {"specversion": "1.0", "id": "u1/3-9",
                 "source": "/apis/flagger.app/v1beta1/namespaces/test/canaries/podinfo",
                 "type": "dev.linnet.release.alert", "subject": "podinfo.test", "time": "2026-03-01T12:00:00Z",
                 "datacontenttype": "application/json",
                 "data": {"severity": "error", "message": "Failed checks threshold reached 10", "namespace": "test",
                   "canary": "podinfo", "fields": {"Cluster": "prod-1"}}}
                """);
        assertThat(chat.last().header("Content-Type")).isEqualTo("application/cloudevents+json");
        assertThat(chat.last().header("Authorization")).isEqualTo("Bearer t0ken");
    }

    private void hasProvider(String spec) {
        objects.put(
                "/apis/flagger.app/v1beta1/namespaces/test/alertproviders/on-call",
                "{\"apiVersion\":\"flagger.app/v1beta1\",\"kind\":\"AlertProvider\",\"metadata\":{\"name\":\"on-call\"},"
                        + "\"spec\":" + spec + "}");
    }

    private static String alert(String severity) {
        return "{name: on-call, severity: '" + severity + "', providerRef: {name: on-call}}";
    }

    @Test
    void aCanarysOwnReceiversTakeThePlaceOfTheOthers() throws Exception {
        hasProvider("{\"type\":\"slack\",\"secretRef\":{\"name\":\"slack\"},\"channel\":\"on-call\"}");
        objects.put(
                "/api/v1/namespaces/test/secrets/slack",
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"slack\"},\"data\":{\"address\":\""
                        + Base64.getEncoder()
                                .encodeToString((chat.address() + "/own\n").getBytes(StandardCharsets.UTF_8))
                        + "\"}}");

        tell(FAILS, alert("error"), Optional.empty(), receiver(AlertForm.SLACK, "/usual"));

        assertThat(chat.asked()).hasSize(1);
        assertThat(chat.last().url().getPath()).isEqualTo("/own");
        assertThat(json(chat.last().body()).path("channel").asText()).isEqualTo("on-call");
        assertThat(json(chat.last().body()).path("username").asText()).isEqualTo("flagger");
        assertThat(events()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', true, true, true",
        "info, true, true, true",
        "warn, false, true, true",
        "error, false, false, true",
    })
    void receiversHearWhatIsAtLeastAsBadAsTheyAskFor(String severity, boolean info, boolean warn, boolean error)
            throws Exception {
        hasProvider("{\"type\":\"rocket\",\"address\":\"" + chat.address() + "\"}");
        for (Severity heard : Severity.values()) {
            int before = chat.asked().size();
            tell(new Message.Alert("1-1", heard, "text", false), alert(severity), Optional.empty());
            boolean expected = switch (heard) {
                case INFO -> info;
                case WARN -> warn;
                case ERROR -> error;
            };
            assertThat(chat.asked().size() - before)
                    .as(heard + " for " + severity)
                    .isEqualTo(expected ? 1 : 0);
        }
    }

    @Test
    void callsThroughAProxy() throws Exception {
        hasProvider(
                "{\"type\":\"slack\",\"address\":\"http://chat.invalid/hook\",\"proxy\":\"" + chat.address() + "\"}");
        tell(FAILS, alert("error"), Optional.empty());
        assertThat(chat.last().url()).isEqualTo(URI.create("http://chat.invalid/hook"));
    }

    @Test
    void triesAgainWithTheSameId() throws Exception {
        chat.answer(exchange ->
                Recorder.fixed(chat.asked().size() < 3 ? 503 : 200, "busy").answer(exchange));
        tell(FAILS, "", Optional.empty(), receiver(AlertForm.CLOUDEVENTS, "/"));

        assertThat(chat.asked()).hasSize(3);
        assertThat(chat.asked())
                .extracting(asked -> asked.header("Idempotency-Key"))
                .containsOnly("u1/3-9");
        assertThat(events()).isEmpty();
    }

    @Test
    void saysInAnEventThatAnAlertCouldNotBeSentAndNoSecretInIt() throws Exception {
        chat.answer(Recorder.fixed(404, "no hook t0ken"));
        tell(FAILS, "", Optional.empty(), receiver(AlertForm.SLACK, "/s3cret"));
        assertThat(chat.asked()).hasSize(1);
        assertThat(events())
                .singleElement()
                .asString()
                .contains("Alert could not be sent to the chat: Status 404: no hook ***")
                .contains("\"type\":\"Warning\"")
                .doesNotContain("s3cret", "t0ken");

        chat.answer(Recorder.fixed(500, "down"));
        tell(FAILS, "", Optional.empty(), receiver(AlertForm.SLACK, "/s3cret"));
        assertThat(chat.asked()).hasSize(5);
        assertThat(events()).hasSize(2).last().asString().contains("Status 500: down");
    }

    @Test
    void namesWhatIsWrongWithAProvider() throws Exception {
        tell(FAILS, alert("error"), Optional.empty());
        assertThat(events()).last().asString().contains("AlertProvider on-call.test is missing");
        hasProvider("{\"type\":\"slack\",\"secretRef\":{\"name\":\"none\"}}");
        tell(FAILS, alert("error"), Optional.empty());
        assertThat(events()).last().asString().contains("Secret none has no address");
        hasProvider("{\"type\":\"pager\",\"address\":\"http://x\"}");
        tell(FAILS, alert("error"), Optional.empty());
        assertThat(events()).last().asString().contains("type is pager (expected: slack, msteams,");
        hasProvider("{\"type\":\"slack\",\"address\":\"s3cret\"}");
        tell(FAILS, alert("error"), Optional.empty());
        assertThat(events()).last().asString().contains("address is no URL").doesNotContain("s3cret");
    }

    @Test
    void eventsAreNoAlerts() throws Exception {
        tell(
                new Message.Event("1-1", true, "text", Phase.FAILED),
                "",
                Optional.empty(),
                receiver(AlertForm.SLACK, "/"));
        assertThat(chat.asked()).isEmpty();
    }
}
