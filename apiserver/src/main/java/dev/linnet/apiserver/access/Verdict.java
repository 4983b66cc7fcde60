package dev.linnet.apiserver.access;

/**
 * Whether an act is allowed.
 *
 * @param reason which binding allows it, or what is wrong with a binding that does not; mostly empty when denied
 */
public record Verdict(boolean allowed, String reason) {
    static final Verdict ALLOWED = new Verdict(true, "");
}
