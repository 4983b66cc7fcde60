package dev.linnet.controller.mesh;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells authors what keeps gateways inside the cluster from obeying their objects: once for each reason. */
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
        about(service, "MeshRefused", refusal.map(why -> "linnet.dev/mesh is not obeyed: " + why));
    }

    /**
     * Tells the author of any object.
     *
     * @param reason of the Event
     */
    void about(HasMetadata object, String reason, Optional<String> complaint) {
        String uid = object.getMetadata().getUid();
        if (complaint.isEmpty()) {
            told.remove(uid);
        } else if (!complaint.get().equals(told.put(uid, complaint.get()))) {
            tell(object, reason, complaint.get());
        }
    }

    private void tell(HasMetadata object, String reason, String message) {
        ObjectMeta meta = object.getMetadata();
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        log.atWarn()
                .addKeyValue(object.getKind().toLowerCase(Locale.ROOT), meta.getNamespace() + "/" + meta.getName())
                .log(message);
        try {
            client.resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(meta.getNamespace())
                            .withName(meta.getName() + "." + id(meta, message))
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion(object.getApiVersion())
                            .withKind(object.getKind())
                            .withNamespace(meta.getNamespace())
                            .withName(meta.getName())
                            .withUid(meta.getUid())
                            .endInvolvedObject()
                            .withType("Warning")
                            .withReason(reason)
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
    private static String id(ObjectMeta meta, String message) {
        String what = meta.getUid() + "\n" + message;
        return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
