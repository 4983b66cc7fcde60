package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Events as {@code events.k8s.io/v1} names their fields. */
final class EventVersions implements VersionConverter {
    private static final Map<String, String> SERVED_TO_STORED = Map.of(
            "regarding", "involvedObject",
            "note", "message",
            "reportingController", "reportingComponent",
            "deprecatedSource", "source",
            "deprecatedFirstTimestamp", "firstTimestamp",
            "deprecatedLastTimestamp", "lastTimestamp",
            "deprecatedCount", "count");

    private static final Map<String, String> STORED_TO_SERVED = SERVED_TO_STORED.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    @Override
    public ObjectNode toStored(ObjectNode served) {
        return renamed(served, SERVED_TO_STORED).put("apiVersion", "v1");
    }

    @Override
    public ObjectNode toServed(ObjectNode stored) {
        return renamed(stored, STORED_TO_SERVED).put("apiVersion", "events.k8s.io/v1");
    }

    private static ObjectNode renamed(ObjectNode event, Map<String, String> names) {
        names.forEach((from, to) -> {
            Optional<JsonNode> value = Optional.ofNullable(event.remove(from));
            value.ifPresent(it -> event.set(to, it));
        });
        return event;
    }
}
