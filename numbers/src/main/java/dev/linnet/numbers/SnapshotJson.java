package dev.linnet.numbers;

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

    /** Reads what {@link #write} wrote. Unknown fields are left out, so that gateways of different versions can be read. */
    public static Snapshot read(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            return new Snapshot(
                    root.path("gateway").asText(),
                    Instant.parse(root.path("started").asText()),
                    Instant.parse(root.path("at").asText()),
                    JSON.convertValue(root.path("applied"), new TypeReference<Map<String, String>>() {}),
                    JSON.convertValue(root.path("series"), new TypeReference<List<Snapshot.SeriesCounts>>() {}));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
