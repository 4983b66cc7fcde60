package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Answers CustomResourceDefinitions with the status that others wait for. A real API server does so a moment later; here
 * the names are accepted, and the kind is served, with the write itself.
 */
public final class CustomDefinitions {
    public static final String RESOURCE = "customresourcedefinitions.apiextensions.k8s.io";
    /** Holds a definition until its objects are gone. */
    public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private final ObjectStore store;
    private final InstantSource clock;

    CustomDefinitions(ObjectStore store, InstantSource clock) {
        this.store = store;
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
        AcceptedNames names = AcceptedNames.of(definition, others(definition));
        status.set("acceptedNames", names.names());
        noteStoredVersion(definition.path("spec").path("versions"), status);
        Instant now = clock.instant();
        new Condition("NamesAccepted", names.all(), names.reason(), names.message()).putInto(status, now);
        if (names.all()) {
            new Condition("Established", true, "InitialNamesAccepted", "the initial names have been accepted")
                    .putInto(status, now);
        } else if (!isEstablished(definition)) {
            new Condition("Established", false, "NotAccepted", "not all names are accepted").putInto(status, now);
        }
    }

    private List<ObjectNode> others(ObjectNode definition) {
        String group = definition.path("spec").path("group").asText();
        String name = Meta.of(definition).name();
        return store.list(RESOURCE, "").objects().stream()
                .filter(stored ->
                        stored.key().name().endsWith("." + group)) // before it is read: their names say as much
                .filter(stored -> !stored.key().name().equals(name))
                .map(StoredObject::tree)
                .filter(other -> other.path("spec").path("group").asText().equals(group))
                .toList();
    }

    /** Whether the kind of a definition is served: it has got its names. */
    public static boolean isEstablished(ObjectNode definition) {
        for (JsonNode condition : definition.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Established")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Says that a definition waits for its objects to go. */
    public static void end(ObjectNode definition, Instant now) {
        new Condition("Terminating", true, "InstanceDeletionPending", "CustomResource deletion is pending")
                .putInto(Json.child(definition, "status"), now);
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

    private record Condition(String type, boolean holds, String reason, String message) {
        /** What stays as it was keeps its time. */
        void putInto(ObjectNode status, Instant now) {
            ArrayNode conditions = Json.list(status, "conditions");
            String truth = holds ? "True" : "False";
            ObjectNode condition = find(conditions, type).orElseGet(conditions::addObject);
            if (!condition.path("status").asText().equals(truth)) {
                condition.put("lastTransitionTime", Meta.time(now));
            }
            condition
                    .put("message", message)
                    .put("reason", reason)
                    .put("status", truth)
                    .put("type", type);
        }
    }

    private static Optional<ObjectNode> find(ArrayNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition instanceof ObjectNode found
                    && found.path("type").asText().equals(type)) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }
}
