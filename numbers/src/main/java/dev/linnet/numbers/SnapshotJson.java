package dev.linnet.numbers;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Snapshots as JSON. Instants are ISO-8601 text. */
public final class SnapshotJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    private SnapshotJson() {}

    public static String write(Snapshot snapshot) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("gateway", snapshot.gateway());
        fields.put("started", snapshot.started().toString());
        fields.put("at", snapshot.at().toString());
        fields.put("applied", snapshot.applied());
        fields.put("series", snapshot.series());
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what {@link #write} wrote. Unknown fields are left out, so that gateways of different versions can be read.
     *
     * @throws UncheckedIOException     if it is no JSON
     * @throws java.time.DateTimeException if one of its instants is none
     * @throws IllegalArgumentException if something is missing, or is of another shape
     */
    public static Snapshot read(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            return new Snapshot(
                    root.path("gateway").asText(),
                    Instant.parse(root.path("started").asText()),
                    Instant.parse(root.path("at").asText()),
                    JSON.convertValue(field(root, "applied"), new TypeReference<Map<String, String>>() {}),
                    JSON.convertValue(field(root, "series"), new TypeReference<List<Snapshot.SeriesCounts>>() {}));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode field(JsonNode snapshot, String name) {
        JsonNode field = snapshot.path(name);
        if (field.isMissingNode() || field.isNull()) {
            throw new IllegalArgumentException(name + " is missing (expected: as a gateway's snapshot has it)");
        }
        return field;
    }
}
