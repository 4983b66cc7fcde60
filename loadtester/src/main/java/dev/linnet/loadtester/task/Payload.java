package dev.linnet.loadtester.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The body of a webhook.
 *
 * @param name      of the Canary
 * @param namespace of the Canary
 * @param phase     of the release, may be empty
 * @param metadata  what the webhook's author wrote, values as text
 */
public record Payload(String name, String namespace, String phase, Map<String, String> metadata) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Payload {
        metadata = Map.copyOf(metadata);
    }

    /**
     * Reads a body.
     *
     * @throws Malformed when it is no JSON object of this shape
     */
    public static Payload read(byte[] body) throws Malformed {
        JsonNode root = parse(body);
        if (!root.isObject()) {
            throw new Malformed("the body is no JSON object (expected: {\"name\":…,\"namespace\":…,\"metadata\":{…}})");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("metadata").properties()) {
            if (!entry.getValue().isValueNode()) {
                throw new Malformed("metadata." + entry.getKey() + " is no text");
            }
            metadata.put(entry.getKey(), entry.getValue().asText());
        }
        return new Payload(
                root.path("name").asText(""),
                root.path("namespace").asText(""),
                root.path("phase").asText(""),
                metadata);
    }

    private static JsonNode parse(byte[] body) throws Malformed {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Malformed("the body is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Malformed("the body cannot be read: " + e.getMessage());
        }
    }

    /** {@code name.namespace}, as releases are spoken of. */
    public String release() {
        return name + "." + namespace;
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(metadata.get(key)).filter(value -> !value.isBlank());
    }

    /** Whether the key has the value {@code true}. */
    public boolean isTrue(String key) {
        return text(key).filter("true"::equalsIgnoreCase).isPresent();
    }

    /** A body that is no payload. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        public Malformed(String message) {
            super(message);
        }
    }
}
