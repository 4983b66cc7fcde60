package dev.linnet.controller.mesh;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells authors of Services why their traffic does not pass through gateways though they want it: once for each reason. */
final class Complaints {
    private static final Logger log = LoggerFactory.getLogger(Complaints.class);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<String, String> told = new HashMap<>();

    Complaints(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void about(Service service, Optional<String> refusal) {
        String uid = service.getMetadata().getUid();
        if (refusal.isEmpty()) {
            told.remove(uid);
        } else if (!refusal.get().equals(told.put(uid, refusal.get()))) {
            tell(service, "linnet.dev/mesh is not obeyed: " + refusal.get());
        }
    }

    private void tell(Service service, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        log.atWarn()
                .addKeyValue(
                        "service",
                        service.getMetadata().getNamespace() + "/"
                                + service.getMetadata().getName())
                .log(message);
        try {
            client.resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(service.getMetadata().getNamespace())
                            .withName(service.getMetadata().getName() + "." + id(service, message))
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion("v1")
                            .withKind("Service")
                            .withNamespace(service.getMetadata().getNamespace())
                            .withName(service.getMetadata().getName())
                            .withUid(service.getMetadata().getUid())
                            .endInvolvedObject()
                            .withType("Warning")
                            .withReason("MeshRefused")
                            .withMessage(message)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(1)
                            .withNewSource()
                            .withComponent("linnet-controller")
                            .endSource()
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return; // It was told before, by another controller.
            }
            log.atWarn().addKeyValue("cause", e.getMessage()).log("an Event could not be written");
        }
    }

    /** The same for the same complaint, whoever makes it. */
    private static String id(Service service, String message) {
        String what = service.getMetadata().getUid() + "\n" + message;
        return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
