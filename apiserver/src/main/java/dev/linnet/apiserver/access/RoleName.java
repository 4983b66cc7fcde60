package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A Role or ClusterRole.
 *
 * @param namespace empty for a ClusterRole
 */
record RoleName(String namespace, String name) {

    /** Reads the roleRef of a binding. */
    static RoleName referredBy(JsonNode roleRef, String bindingNamespace) {
        boolean cluster = roleRef.path("kind").asText("").equals("ClusterRole");
        return new RoleName(
                cluster ? "" : bindingNamespace, roleRef.path("name").asText(""));
    }

    String kind() {
        return namespace.isEmpty() ? "ClusterRole" : "Role";
    }

    /** {@code clusterroles}. */
    String resource() {
        return namespace.isEmpty() ? "clusterroles" : "roles";
    }
}
