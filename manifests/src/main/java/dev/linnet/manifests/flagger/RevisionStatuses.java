package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.rollout.evidence.WorkloadStatus.OfRevision;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Objects;

/** What the status of a Knative Revision says. */
public final class RevisionStatuses {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RevisionStatuses() {}

    /** @param waitedSince since when it has been waited for */
    public static OfRevision of(GenericKubernetesResource revision, Instant waitedSince) {
        JsonNode status = JSON.valueToTree(revision.getAdditionalProperties().get("status"));
        JsonNode ready = KnativeService.condition(status, "Ready");
        long wanted = Objects.requireNonNullElse(revision.getMetadata().getGeneration(), 0L);
        boolean isReady = ready.path("status").asText().equals("True")
                && status.path("observedGeneration").asLong() >= wanted;
        return new OfRevision(
                revision.getMetadata().getName(), isReady, ready.path("message").asText(""), waitedSince);
    }
}
