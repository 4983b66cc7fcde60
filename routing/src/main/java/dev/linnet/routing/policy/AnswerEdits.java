package dev.linnet.routing.policy;

import java.util.List;
import java.util.Optional;

/**
 * What is changed in the heads that clients get (spec of ingress-nginx, §4.3).
 *
 * @param lines        instead of the backend's of the same names
 * @param cookieDomain in {@code Domain} of the backend's cookies
 * @param cookiePath   at the beginning of their {@code Path}
 * @param redirect     at the beginning of the backend's {@code Location}, and of the URL of its {@code Refresh}
 */
public record AnswerEdits(
        List<HeaderLine> lines,
        Optional<Replacement> cookieDomain,
        Optional<Replacement> cookiePath,
        Optional<Replacement> redirect) {
    public static final AnswerEdits NONE =
            new AnswerEdits(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public AnswerEdits {
        lines = List.copyOf(lines);
    }

    /** Whether lines of a backend are rewritten. */
    public boolean rewrites() {
        return cookieDomain.isPresent() || cookiePath.isPresent() || redirect.isPresent();
    }

    /** One text instead of another. */
    public record Replacement(String from, String to) {}
}
