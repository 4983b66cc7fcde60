package dev.linnet.console.release;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** A Canary as it is stored. */
public record CanaryObject(ObjectMeta metadata, JsonNode spec, JsonNode status) {
    public String namespace() {
        return metadata.getNamespace();
    }

    public String name() {
        return metadata.getName();
    }
}
