package dev.linnet.controller.tell;

import dev.linnet.controller.api.Canary;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.step.Message;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events on the Canary, as Flagger writes them: reason {@code Synced}, from {@code flagger}. Each message is one Event, named by its id. */
public final class KubernetesEvents implements Teller {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesEvents.class);
    private static final int LONGEST = 1_024;
    private static final int TOO_MANY = 429;

    private final KubernetesClient client;
    private final InstantSource clock;

    public KubernetesEvents(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public List<String> receivers(Message message, About about) {
        return message instanceof Message.Event ? List.of("") : List.of();
    }

    @Override
    public void tell(Message message, About about, String receiver) {
        if (message instanceof Message.Event event) {
            write(event, about.canary());
            LOG.atInfo()
                    .addKeyValue("canary", about.plan().release().names().canaryInNamespace())
                    .log(event.text());
        }
    }

    /** What keeps a release from going on, which is no step of it. */
    public void complain(Canary canary, String text) {
        String id = "e" + Long.toHexString(clock.millis());
        try {
            write(new Message.Event(id, true, text, Phase.NEW), canary);
        } catch (KubernetesClientException e) {
            log(canary, e);
        }
    }

    /** @throws KubernetesClientException where it makes sense to try again */
    private void write(Message.Event event, Canary canary) {
        try {
            client.resource(object(event, canary)).create();
        } catch (KubernetesClientException e) {
            boolean refused = e.getCode() >= 400 && e.getCode() < 500 && e.getCode() != TOO_MANY;
            if (!refused) {
                throw e;
            }
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                log(canary, e);
            }
        }
    }

    private static void log(Canary canary, KubernetesClientException e) {
        LOG.atWarn()
                .addKeyValue("canary", canary.getMetadata().getName())
                .addKeyValue("cause", e.getMessage())
                .log("an Event could not be written");
    }

    private Event object(Message.Event event, Canary canary) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String text = event.text().length() > LONGEST ? event.text().substring(0, LONGEST) : event.text();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(canary.getMetadata().getNamespace())
                .withName(canary.getMetadata().getName() + "."
                        + Integer.toHexString(canary.getMetadata().getUid().hashCode()) + "." + event.id())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(canary.getApiVersion())
                .withKind(canary.getKind())
                .withName(canary.getMetadata().getName())
                .withNamespace(canary.getMetadata().getNamespace())
                .withUid(canary.getMetadata().getUid())
                .withResourceVersion(canary.getMetadata().getResourceVersion())
                .endInvolvedObject()
                .withReason("Synced")
                .withType(event.warning() ? "Warning" : "Normal")
                .withMessage(text)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("flagger")
                .endSource()
                .build();
    }
}
