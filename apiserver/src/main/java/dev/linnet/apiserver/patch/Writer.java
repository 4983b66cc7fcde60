package dev.linnet.apiserver.patch;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Who writes an object, as managedFields remember it.
 *
 * @param manager     the {@code fieldManager} parameter, else the User-Agent up to its first slash
 * @param subresource {@code status}, {@code scale}; empty for the main resource
 * @param apiVersion  the group-version in which the object and its schema stand, {@code apps/v1}
 * @param now         time of the write; managedFields keep whole seconds
 */
public record Writer(String manager, String subresource, String apiVersion, Instant now) {
    public Writer {
        manager = manager.isEmpty() ? "unknown" : manager;
        now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** True for the API groups of Kubernetes itself: the core group, groups without a dot, and {@code *.k8s.io}. */
    boolean builtInGroup() {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return group.indexOf('.') < 0 || group.endsWith(".k8s.io");
    }
}
