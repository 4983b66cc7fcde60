package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.rollout.run.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Fingerprints of what a workload runs. Flagger's depend on the layout of Go's types, so ours are others, and say so. */
public final class Revisions {
    private static final int REVISION_BYTES = 5;
    private static final int CONFIG_BYTES = 8;
    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
            .build();

    private Revisions() {}

    /** Of a Pod template, or of whatever stands for it: equal for equal content, in any order of its fields. */
    public static String of(Object content) {
        return Version.OURS + digest(content, REVISION_BYTES);
    }

    /** Of a ConfigMap's or Secret's data, 16 hexadecimal digits as with Flagger. */
    public static String ofConfig(Object data) {
        return digest(data, CONFIG_BYTES);
    }

    private static String digest(Object content, int bytes) {
        try {
            byte[] json = SORTED.writeValueAsString(content).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("content cannot be written as JSON", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
