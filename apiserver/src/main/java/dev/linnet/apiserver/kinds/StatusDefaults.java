package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Statuses as a real server answers them before any controller spoke: never absent, because clients read
 * {@code status.readyReplicas} without a second thought.
 */
final class StatusDefaults {
    private StatusDefaults() {}

    static void empty(ObjectNode object) {
        Json.object(object, "status");
    }

    /** Counters that are written even if 0. */
    static void counts(ObjectNode object, String... names) {
        ObjectNode status = Json.object(object, "status");
        for (String name : names) {
            Json.putDefault(status, name, 0);
        }
    }

    static void loadBalancer(ObjectNode object) {
        Json.object(object, "status", "loadBalancer");
    }
}
