package dev.linnet.console.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a person may, as the API says when they ask it themselves (SelfSubjectAccessReview). An answer is taken to hold for
 * {@value #SECONDS} seconds; what is really done is judged by the API once more.
 */
public final class Rights {
    private static final int SECONDS = 15;
    private static final int MOST = 1_000;
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<Act, Answer> answers = new LinkedHashMap<>();

    /** Something that one may or may not do. */
    public sealed interface Act {
        /** @param namespace {@code ""} for all of them */
        record OnKind(String verb, String group, String plural, String namespace) implements Act {}

        record OnPath(String verb, String path) implements Act {}

        /** Seeing the releases of a namespace. */
        static Act seeReleases(String namespace) {
            return new OnKind("list", "flagger.app", "canaries", namespace);
        }

        /** Putting a hand on them. */
        static Act steerReleases(String namespace) {
            return new OnKind("patch", "flagger.app", "canaries", namespace);
        }

        /** Reading what gateways tell, which they themselves ask for (ClusterRole {@code linnet-gateway-numbers}). */
        static Act readGateways(String path) {
            return new OnPath("get", path);
        }
    }

    private record Answer(boolean allowed, Instant until) {}

    Rights(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Whether they may see the releases of this namespace. */
    public boolean sees(String namespace) {
        return may(Act.seeReleases("")) || may(Act.seeReleases(namespace));
    }

    public boolean may(Act act) {
        Instant now = clock.instant();
        synchronized (answers) {
            Answer known = answers.get(act);
            if (known != null && known.until.isAfter(now)) {
                return known.allowed;
            }
        }
        boolean allowed = ask(act);
        synchronized (answers) {
            if (answers.size() >= MOST) {
                answers.clear();
            }
            answers.put(act, new Answer(allowed, now.plus(Duration.ofSeconds(SECONDS))));
        }
        return allowed;
    }

    private boolean ask(Act act) {
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
        ObjectNode spec = review.putObject("spec");
        switch (act) {
            case Act.OnKind kind ->
                spec.putObject("resourceAttributes")
                        .put("verb", kind.verb())
                        .put("group", kind.group())
                        .put("resource", kind.plural())
                        .put("namespace", kind.namespace());
            case Act.OnPath path ->
                spec.putObject("nonResourceAttributes").put("verb", path.verb()).put("path", path.path());
        }
        try {
            JsonNode answer = JSON.readTree(client.raw(REVIEWS, "POST", review));
            return answer.path("status").path("allowed").asBoolean();
        } catch (IOException e) {
            throw new UncheckedIOException("the API's answer to " + act + " is no JSON", e);
        }
    }
}
