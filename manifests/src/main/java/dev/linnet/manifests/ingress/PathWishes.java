package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Rewrite.Piece;
import java.util.List;
import java.util.Optional;

/**
 * How an ordinary Ingress wants its paths to be understood, and what backends get in their place.
 *
 * @param regex           whether they are regular expressions, whatever else is said
 * @param rewrite         what the path becomes
 * @param forwardedPrefix what backends are told about it
 * @param neverToHttps    paths that begin so are served without TLS too: an authority that checks a new certificate asks there
 */
public record PathWishes(
        boolean regex, Optional<RewriteTarget> rewrite, Optional<String> forwardedPrefix, List<String> neverToHttps) {

    public PathWishes {
        neverToHttps = List.copyOf(neverToHttps);
    }

    /** @param text as written */
    public record RewriteTarget(String text, List<Piece> pieces) {
        public RewriteTarget {
            pieces = List.copyOf(pieces);
        }
    }

    /** What this path becomes, if that is not what it is (spec of ingress-nginx, §4.2). */
    Optional<RewriteTarget> rewrite(String path) {
        return rewrite.filter(target -> !target.text().equals(path));
    }

    /** Whether this path is an expression, and makes those of its whole host expressions. */
    boolean isRegex(String path) {
        return regex || rewrite(path).isPresent();
    }
}
