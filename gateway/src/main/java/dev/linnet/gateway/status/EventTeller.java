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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final Duration patience;
    private final Clock clock;
    private final Map<ObjectRef, Map<String, Seen>> seen = new HashMap<>();

    /** A Problem since when, and whether it was told. */
    private record Seen(Instant since, boolean told) {}

    EventTeller(KubernetesClient client, StatusSettings settings, Clock clock) {
        this.client = client;
        this.identity = settings.identity();
        this.patience = settings.pace().patience();
        this.clock = clock;
    }

    void forget(ObjectRef object) {
        seen.remove(object);
    }

    /** @return after what time to look at it again, if there is something that may pass by itself */
    Optional<Duration> tell(FollowedObject object) {
        Instant now = clock.instant();
        Map<String, Seen> before = seen.getOrDefault(object.object(), Map.of());
        Map<String, Seen> after = new HashMap<>();
        Optional<Duration> later = Optional.empty();
        for (Problem problem : object.problems()) {
            String name = name(object, problem);
            Seen known = before.getOrDefault(name, new Seen(now, false));
            Duration wait = wait(problem, known, now);
            if (wait.isPositive()) {
                later = later.filter(other -> other.compareTo(wait) < 0).or(() -> Optional.of(wait));
            } else if (!known.told) {
                create(event(object, problem, name));
            }
            after.put(name, new Seen(known.since, !wait.isPositive()));
        }
        if (after.isEmpty()) {
            seen.remove(object.object());
        } else {
            seen.put(object.object(), after);
        }
        return later;
    }

    /** Whoever applies an Ingress and what is behind it at once should not hear that the Pods are not ready yet. */
    private Duration wait(Problem problem, Seen known, Instant now) {
        boolean mayPass = !known.told && problem.reason().mayPass();
        return mayPass ? patience.minus(Duration.between(known.since, now)) : Duration.ZERO;
    }

    private void create(Event event) {
        try {
            client.v1()
                    .events()
                    .inNamespace(event.getMetadata().getNamespace())
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
                .withNamespace(namespace(object))
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

    /** What has none is told of in the usual one, as Kubernetes itself does. */
    private static String namespace(FollowedObject object) {
        String own = object.object().namespace();
        return own.isEmpty() ? "default" : own;
    }

    private static ObjectReference reference(FollowedObject object) {
        return new ObjectReferenceBuilder()
                .withApiVersion(object.identity().apiVersion())
                .withKind(object.object().kind().split("\\.", 2)[0])
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
