package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Answers CustomResourceDefinitions with the status that others wait for. A real API server does so a moment later; here
 * the names are accepted, and the kind is served, with the write itself.
 */
public final class CustomDefinitions {
    public static final String RESOURCE = "customresourcedefinitions.apiextensions.k8s.io";
    /** Holds a definition until its objects are gone. */
    public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private final InstantSource clock;

    CustomDefinitions(InstantSource clock) {
        this.clock = clock;
    }

    void begin(ObjectNode definition) {
        Meta meta = Meta.of(definition);
        if (!meta.finalizers().contains(CLEANUP)) {
            List<String> finalizers = meta.finalizers();
            finalizers.add(CLEANUP);
            meta.setFinalizers(finalizers);
        }
        accept(definition);
    }

    void accept(ObjectNode definition) {
        ObjectNode status = Json.child(definition, "status");
        ObjectNode names = definition.path("spec").path("names").deepCopy();
        if (!names.hasNonNull("singular")) {
            names.put("singular", names.path("kind").asText("").toLowerCase(Locale.ROOT));
        }
        if (!names.hasNonNull("listKind")) {
            names.put("listKind", names.path("kind").asText("") + "List");
        }
        status.set("acceptedNames", names);
        noteStoredVersion(definition.path("spec").path("versions"), status);
        condition(status, "NamesAccepted", "NoConflicts", "no conflicts found", clock.instant());
        condition(
                status, "Established", "InitialNamesAccepted", "the initial names have been accepted", clock.instant());
    }

    /** Says that a definition waits for its objects to go. */
    public static void end(ObjectNode definition, Instant now) {
        condition(
                Json.child(definition, "status"),
                "Terminating",
                "InstanceDeletionPending",
                "CustomResource deletion is pending",
                now);
    }

    private static void noteStoredVersion(JsonNode versions, ObjectNode status) {
        TreeSet<String> stored = new TreeSet<>();
        status.path("storedVersions").forEach(version -> stored.add(version.asText()));
        for (JsonNode version : versions) {
            if (version.path("storage").asBoolean()) {
                stored.add(version.path("name").asText());
            }
        }
        ArrayNode shown = status.putArray("storedVersions");
        stored.forEach(shown::add);
    }

    private static void condition(ObjectNode status, String type, String reason, String message, Instant now) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode existing ? existing : status.putArray("conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return;
            }
        }
        conditions
                .addObject()
                .put("lastTransitionTime", Meta.time(now))
                .put("message", message)
                .put("reason", reason)
                .put("status", "True")
                .put("type", type);
    }
}
