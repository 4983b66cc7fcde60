package dev.linnet.controller.tell;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Alerts as their receivers read them (spec of Flagger, §6.4). */
final class AlertBodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String BLUE = "0076D7";
    private static final String RED = "FF0000";

    private AlertBodies() {}

    static ObjectNode slack(AlertText alert, AlertReceiver receiver) {
        return slackAlike(alert, receiver, alert.isError() ? "danger" : "good");
    }

    static ObjectNode rocket(AlertText alert, AlertReceiver receiver) {
        return slackAlike(alert, receiver, "#" + colour(alert));
    }

    private static String colour(AlertText alert) {
        return alert.isError() ? RED : BLUE;
    }

    private static ObjectNode slackAlike(AlertText alert, AlertReceiver receiver, String colour) {
        ObjectNode body = JSON.objectNode();
        body.put("channel", receiver.channel());
        body.put("username", receiver.user());
        body.put("icon_url", "");
        body.put("icon_emoji", ":rocket:");
        ObjectNode attachment = body.putArray("attachments").addObject();
        attachment.put("color", colour);
        attachment.put("author_name", alert.canary());
        attachment.put("text", alert.text());
        attachment.putArray("mrkdwn_in").add("text");
        ArrayNode fields = attachment.putArray("fields");
        alert.fields()
                .forEach(field -> fields.addObject()
                        .put("title", field.name())
                        .put("value", field.value())
                        .put("short", false));
        return body;
    }

    /** What the connectors of Office 365 took. */
    static ObjectNode messageCard(AlertText alert) {
        ObjectNode body = JSON.objectNode();
        body.put("@type", "MessageCard");
        body.put("@context", "http://schema.org/extensions");
        body.put("themeColor", colour(alert));
        body.put("summary", alert.canary());
        ObjectNode section = body.putArray("sections").addObject();
        section.put("activityTitle", alert.text());
        section.put("activitySubtitle", alert.canary());
        ArrayNode facts = section.putArray("facts");
        alert.fields()
                .forEach(field -> facts.addObject().put("name", field.name()).put("value", field.value()));
        return body;
    }

    /** What the Workflows of Teams take, which came after the connectors. */
    static ObjectNode adaptiveCard(AlertText alert) {
        ObjectNode body = JSON.objectNode();
        body.put("type", "message");
        ObjectNode attachment = body.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.4");
        card.putObject("msteams").put("width", "Full");
        ArrayNode parts = card.putArray("body");
        parts.addObject()
                .put("type", "TextBlock")
                .put("text", alert.text())
                .put("weight", "Bolder")
                .put(
                        "color",
                        switch (alert.severity()) {
                            case INFO -> "Default";
                            case WARN -> "Warning";
                            case ERROR -> "Attention";
                        })
                .put("wrap", true);
        parts.addObject()
                .put("type", "TextBlock")
                .put("text", alert.canary())
                .put("isSubtle", true)
                .put("spacing", "None");
        if (!alert.fields().isEmpty()) {
            ArrayNode facts = parts.addObject().put("type", "FactSet").putArray("facts");
            alert.fields()
                    .forEach(field ->
                            facts.addObject().put("title", field.name()).put("value", field.value()));
        }
        return body;
    }

    static ObjectNode chatCard(AlertText alert) {
        ObjectNode body = JSON.objectNode();
        ObjectNode card = body.putArray("cards").addObject();
        card.putObject("header")
                .put("title", "Flagger")
                .put("subtitle", alert.canary())
                .put("imageUrl", "https://flagger.app/favicon.png");
        ArrayNode sections = card.putArray("sections");
        paragraph(
                sections,
                "<font color=\"#" + colour(alert) + "\"><strong>" + escaped(alert.text()) + "</strong></font>");
        alert.fields()
                .forEach(field -> paragraph(
                        sections, escaped(field.name()) + "<br><strong>" + escaped(field.value()) + "</strong>"));
        return body;
    }

    private static void paragraph(ArrayNode sections, String html) {
        sections.addObject()
                .putArray("widgets")
                .addObject()
                .putObject("textParagraph")
                .put("text", html);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** CloudEvents 1.0, structured. */
    static ObjectNode cloudEvent(AlertText alert, Instant now) {
        ObjectNode body = JSON.objectNode();
        body.put("specversion", "1.0");
        body.put("id", alert.id());
        body.put("source", "/apis/flagger.app/v1beta1/namespaces/" + alert.namespace() + "/canaries/" + alert.name());
        body.put("type", "dev.linnet.release.alert");
        body.put("subject", alert.canary());
        body.put("time", now.toString());
        body.put("datacontenttype", "application/json");
        ObjectNode data = body.putObject("data");
        data.put("severity", alert.severity().toString());
        data.put("message", alert.text());
        data.put("namespace", alert.namespace());
        data.put("canary", alert.name());
        ObjectNode fields = data.putObject("fields");
        alert.fields().forEach(field -> fields.put(field.name(), field.value()));
        return body;
    }
}
