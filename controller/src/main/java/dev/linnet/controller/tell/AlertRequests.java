package dev.linnet.controller.tell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Ask.Way;
import dev.linnet.routing.Secret;
import java.net.URI;
import java.time.Instant;

/** The request that tells a receiver an alert. */
final class AlertRequests {
    /** Receivers that know it can tell an alert that is told again. */
    private static final String ID = "Idempotency-Key";

    private AlertRequests() {}

    static Ask of(AlertText alert, AlertReceiver receiver, Instant now) {
        String type = receiver.form() == AlertForm.CLOUDEVENTS ? "application/cloudevents+json" : "application/json";
        URI url = url(receiver);
        Ask ask = Ask.post(url, type, body(alert, receiver, now).toString())
                .with(ID, alert.id())
                .via(new Way(false, receiver.proxy()))
                .hiding(url.toString());
        boolean tellsToken = receiver.form() == AlertForm.SLACK || receiver.form() == AlertForm.CLOUDEVENTS;
        return tellsToken
                ? receiver.token()
                        .map(Secret::reveal)
                        .map(token -> ask.withSecret("Authorization", "Bearer ", token))
                        .orElse(ask)
                : ask;
    }

    private static URI url(AlertReceiver receiver) {
        URI url = receiver.address().reveal();
        boolean wantsPath =
                receiver.form() == AlertForm.DISCORD && !url.getPath().endsWith("/slack");
        return wantsPath ? URI.create(url.toString().replaceAll("/+$", "") + "/slack") : url;
    }

    private static ObjectNode body(AlertText alert, AlertReceiver receiver, Instant now) {
        return switch (receiver.form()) {
            case SLACK, DISCORD -> AlertBodies.slack(alert, receiver);
            case ROCKET -> AlertBodies.rocket(alert, receiver);
            case MSTEAMS -> isWorkflow(receiver) ? AlertBodies.adaptiveCard(alert) : AlertBodies.messageCard(alert);
            case GCHAT -> AlertBodies.chatCard(alert);
            case CLOUDEVENTS -> AlertBodies.cloudEvent(alert, now);
        };
    }

    /** The connectors' URLs have no such path. */
    private static boolean isWorkflow(AlertReceiver receiver) {
        return receiver.address().reveal().getPath().contains("/workflows/");
    }
}
