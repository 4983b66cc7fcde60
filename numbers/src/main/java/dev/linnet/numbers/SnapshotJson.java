package dev.linnet.numbers;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Snapshots as JSON. Instants are ISO-8601 text. */
public final class SnapshotJson {
    private static final TypeReference<Map<String, String>> VERSIONS = new TypeReference<>() {};
    private static final TypeReference<List<Snapshot.SeriesCounts>> SERIES = new TypeReference<>() {};

    private SnapshotJson() {}

    public static String write(Snapshot snapshot) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("gateway", snapshot.gateway());
        fields.put("started", snapshot.started().toString());
        fields.put("at", snapshot.at().toString());
        fields.put("applied", snapshot.applied());
        fields.put("series", snapshot.series());
        return GatewayJson.write(fields);
    }

    /**
     * Reads what {@link #write} wrote. Unknown fields are left out, so that gateways of different versions can be read.
     *
     * @throws IllegalArgumentException if something is missing, or is of another shape
     */
    public static Snapshot read(String json) {
        return GatewayJson.read(
                json,
                root -> new Snapshot(
                        GatewayJson.text(root, "gateway"),
                        GatewayJson.instant(root, "started"),
                        GatewayJson.instant(root, "at"),
                        GatewayJson.value(root, "applied", VERSIONS),
                        GatewayJson.value(root, "series", SERIES)));
    }
}
