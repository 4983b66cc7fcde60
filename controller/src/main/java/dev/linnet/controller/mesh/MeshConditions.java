package dev.linnet.controller.mesh;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on each Service that has opted in whether its traffic passes through gateways: condition {@code linnet.dev/mesh} in its status, with the
 * reason if it does not. Written only where it is not there yet.
 */
final class MeshConditions {
    /** Type of the condition. */
    static final String TYPE = "linnet.dev/mesh";

    private static final Logger log = LoggerFactory.getLogger(MeshConditions.class);
    private static final PatchContext PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.STRATEGIC_MERGE)
            .withFieldManager("linnet")
            .build();

    private final KubernetesClient client;
    private final InstantSource clock;

    /** What the cache may not show yet, by the Service's UID. */
    private final Map<String, Said> written = new HashMap<>();

    private record Said(String status, String reason, String message) {
        static Optional<Said> by(Service service) {
            return Optional.ofNullable(service.getStatus()).stream()
                    .flatMap(status -> Optional.ofNullable(status.getConditions()).stream())
                    .flatMap(List::stream)
                    .filter(condition -> condition.getType().equals(TYPE))
                    .map(Said::of)
                    .findFirst();
        }

        private static Said of(Condition condition) {
            return new Said(condition.getStatus(), condition.getReason(), condition.getMessage());
        }
    }

    MeshConditions(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Whether callers are told, or were when the Service was read, that they meet gateways. */
    boolean sayLed(Service service) {
        return Said.by(service).filter(said -> said.status.equals("True")).isPresent();
    }

    /** Whether anything was said on it when it was read. */
    static boolean sayAnything(Service service) {
        return Said.by(service).isPresent();
    }

    void led(Service service) {
        say(service, new Said("True", "Led", "its traffic passes through gateways"));
    }

    void abandoned(Service service) {
        say(service, new Said("False", "NoGateway", "no gateway is ready, so callers meet its Pods"));
    }

    void refused(Service service, String why) {
        say(service, new Said("False", "Refused", why));
    }

    /** Nobody wants it to pass through gateways. */
    void unsay(Service service) {
        if (!sayAnything(service)) {
            written.remove(service.getMetadata().getUid());
            return;
        }
        ObjectNode condition = JsonNodeFactory.instance.objectNode();
        boolean _ = patch(service, condition.put("$patch", "delete"));
    }

    /** Of all others nothing need be known. */
    void keep(Set<String> uids) {
        written.keySet().retainAll(uids);
    }

    private void say(Service service, Said wanted) {
        String uid = service.getMetadata().getUid();
        Said before = written.put(uid, wanted);
        if (Said.by(service).filter(wanted::equals).isPresent() || wanted.equals(before)) {
            return;
        }
        ObjectNode condition = JsonNodeFactory.instance
                .objectNode()
                .put("status", wanted.status)
                .put("reason", wanted.reason)
                .put("message", wanted.message)
                .put(
                        "lastTransitionTime",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!patch(service, condition)) {
            written.remove(uid);
        }
    }

    /** That it cannot be said keeps nothing else from being done. False if it is worth another try: not where we may not, or it is gone. */
    private boolean patch(Service service, ObjectNode condition) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("status").putArray("conditions").add(condition.put("type", TYPE));
        try {
            client.services()
                    .inNamespace(service.getMetadata().getNamespace())
                    .withName(service.getMetadata().getName())
                    .subresource("status")
                    .patch(PATCH, body.toString());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                log.atWarn()
                        .addKeyValue(
                                "service",
                                service.getMetadata().getNamespace() + "/"
                                        + service.getMetadata().getName())
                        .addKeyValue("cause", e.getMessage())
                        .log("A condition could not be written");
            }
            return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
        }
    }
}
