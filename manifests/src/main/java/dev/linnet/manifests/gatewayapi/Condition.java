package dev.linnet.manifests.gatewayapi;

/**
 * What a status says of one side of an object (spec §6.1).
 *
 * @param type   {@code Accepted}
 * @param holds  {@code True} or {@code False}
 * @param reason one word
 */
public record Condition(String type, boolean holds, String reason, String message) {
    static final String ACCEPTED = "Accepted";
    static final String PROGRAMMED = "Programmed";
    static final String RESOLVED_REFS = "ResolvedRefs";
    static final String CONFLICTED = "Conflicted";

    /** One that is not there where it does not hold. */
    static final String OVERLAPPING_TLS = "OverlappingTLSConfig";

    /** One that holds, for the reason that is called like it. */
    static Condition yes(String type, String message) {
        return new Condition(type, true, type, message);
    }

    static Condition no(String type, String reason, String message) {
        return new Condition(type, false, reason, message);
    }
}
