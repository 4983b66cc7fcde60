package dev.linnet.apiserver.patch;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Who writes an object, as managedFields remember it.
 *
 * @param manager     the {@code fieldManager} parameter, else the User-Agent up to its first slash
 * @param subresource {@code status}, {@code scale}; empty for the main resource
 * @param apiVersion  the group-version in which the object and its schema stand, {@code apps/v1}
 * @param builtIn     whether the object is of a built-in kind rather than a custom resource
 * @param now         time of the write; managedFields keep whole seconds
 */
public record Writer(String manager, String subresource, String apiVersion, boolean builtIn, Instant now) {
    public Writer {
        manager = manager.isEmpty() ? "unknown" : manager;
        now = now.truncatedTo(ChronoUnit.SECONDS);
    }
}
