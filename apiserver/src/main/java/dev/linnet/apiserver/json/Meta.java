package dev.linnet.apiserver.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** View of an object's metadata. Reads what is there now; its setters write through. */
public record Meta(ObjectNode object) {

    public static Meta of(ObjectNode object) {
        return new Meta(object);
    }

    public ObjectNode node() {
        return Json.child(object, "metadata");
    }

    public String name() {
        return text("name");
    }

    public String namespace() {
        return text("namespace");
    }

    public String uid() {
        return text("uid");
    }

    public String resourceVersion() {
        return text("resourceVersion");
    }

    public long generation() {
        return object.path("metadata").path("generation").asLong(0);
    }

    public Map<String, String> labels() {
        return strings(object.path("metadata").path("labels"));
    }

    public Optional<String> annotation(String key) {
        JsonNode value = object.path("metadata").path("annotations").path(key);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    public Optional<Instant> created() {
        String text = text("creationTimestamp");
        return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    public List<String> finalizers() {
        List<String> names = new ArrayList<>();
        object.path("metadata").path("finalizers").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Empty removes the field. */
    public void setFinalizers(List<String> names) {
        if (names.isEmpty()) {
            node().remove("finalizers");
            return;
        }
        ArrayNode array = node().putArray("finalizers");
        names.forEach(array::add);
    }

    /** Whether deletion was asked for and something still holds it up. */
    public boolean terminating() {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    public void setResourceVersion(long version) {
        node().put("resourceVersion", Long.toString(version));
    }

    public String text(String field) {
        return object.path("metadata").path(field).asText("");
    }

    /** How Kubernetes writes a time: UTC, whole seconds. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The text values of an object; others are left out. */
    public static Map<String, String> strings(JsonNode node) {
        if (node.isEmpty()) {
            return Map.of();
        }
        Map<String, String> strings = HashMap.newHashMap(node.size());
        node.properties()
                .forEach(field -> strings.put(field.getKey(), field.getValue().asText("")));
        return strings;
    }
}
