package dev.linnet.gateway.status;

import dev.linnet.gateway.feed.FollowedObject;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the author of an object each Problem of each generation once. The name of the Event is made of just that, so the API
 * refuses a second one, whichever gateway tries, and also after a restart.
 */
final class EventTeller {
    private static final String COMPONENT = "linnet-gateway";
    private static final int LONGEST_MESSAGE = 1024; // core/v1 Event validation.
    private static final int LONGEST_NAME = 200; // Of 253, with room for the digest.

    private final KubernetesClient client;
    private final String identity;
    private final Clock clock;
    private final Map<ObjectRef, Set<String>> told = new HashMap<>();

    EventTeller(KubernetesClient client, String identity, Clock clock) {
        this.client = client;
        this.identity = identity;
        this.clock = clock;
    }

    void forget(ObjectRef object) {
        told.remove(object);
    }

    void tell(FollowedObject object) {
        Set<String> before = told.getOrDefault(object.object(), Set.of());
        Set<String> now = new HashSet<>();
        for (Problem problem : object.problems()) {
            String name = name(object, problem);
            if (!before.contains(name)) {
                create(object, event(object, problem, name));
            }
            now.add(name);
        }
        if (now.isEmpty()) {
            told.remove(object.object());
        } else {
            told.put(object.object(), now);
        }
    }

    private void create(FollowedObject object, Event event) {
        try {
            client.v1()
                    .events()
                    .inNamespace(object.object().namespace())
                    .resource(event)
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // It was told before: by another gateway, or before a restart.
        }
    }

    private Event event(FollowedObject object, Problem problem, String name) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(object.object().namespace())
                .withName(name)
                .endMetadata()
                .withInvolvedObject(reference(object))
                .withType("Warning")
                .withReason(problem.reason().toString())
                .withMessage(message(problem))
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance(identity)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }

    private static ObjectReference reference(FollowedObject object) {
        return new ObjectReferenceBuilder()
                .withApiVersion(object.identity().apiVersion())
                .withKind(object.object().kind())
                .withNamespace(object.object().namespace())
                .withName(object.object().name())
                .withUid(object.identity().uid())
                .withResourceVersion(object.identity().resourceVersion())
                .build();
    }

    private static String message(Problem problem) {
        String message = problem.path() + " " + problem.message();
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }

    private static String name(FollowedObject object, Problem problem) {
        String what = String.join(
                "\n",
                List.of(
                        object.identity().uid(),
                        String.valueOf(object.identity().generation()),
                        problem.reason().toString(),
                        problem.path(),
                        problem.message()));
        String name = object.object().name();
        return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "." + digest(what);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Each Java platform has SHA-256", e);
        }
    }
}
