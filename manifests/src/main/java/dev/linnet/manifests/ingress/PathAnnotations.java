package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.PathWishes.RewriteTarget;
import dev.linnet.routing.policy.Rewrite.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Regular expressions and rewriting (spec of ingress-nginx, §4.2, §5.2.2). A rewrite that is wrong leaves paths as they are. */
final class PathAnnotations {
    private static final String REGEX = "use-regex";
    private static final String TARGET = "rewrite-target";
    private static final String PREFIX = "x-forwarded-prefix";

    private static final Pattern PIECE = Pattern.compile("\\$([0-9])|([A-Za-z0-9/._~:-]+)");
    private static final Pattern PREFIX_TEXT = Pattern.compile("[A-Za-z0-9/._~:-]+");

    private PathAnnotations() {}

    static PathWishes read(Annotations annotations) {
        Optional<String> text = annotations.text(TARGET);
        return new PathWishes(
                annotations.flag(REGEX, false),
                text.flatMap(t -> target(annotations, t)),
                prefix(annotations, text),
                annotations.options().redirects().notUnder());
    }

    private static Optional<RewriteTarget> target(Annotations annotations, String text) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = PIECE.matcher(text);
        int at = 0;
        while (matcher.find(at) && matcher.start() == at) {
            pieces.add(
                    matcher.group(1) == null
                            ? new Piece.Text(matcher.group(2))
                            : new Piece.Group(Integer.parseInt(matcher.group(1))));
            at = matcher.end();
            if (at == text.length()) {
                break;
            }
        }
        boolean isPath = text.startsWith("/") || pieces.stream().limit(1).anyMatch(Piece.Group.class::isInstance);
        if (at < text.length() || !isPath) {
            annotations.bad(
                    TARGET,
                    "is \"" + text + "\" and rewrites nothing (expected: a path of letters, digits and any of"
                            + " / - . _ ~ :, with $1 to $9 for what groups of the path captured)");
            return Optional.empty();
        }
        return Optional.of(new RewriteTarget(text, pieces));
    }

    private static Optional<String> prefix(Annotations annotations, Optional<String> target) {
        Optional<String> text = annotations.text(PREFIX);
        if (text.isEmpty()) {
            return text;
        }
        if (target.isEmpty()) {
            annotations.bad(PREFIX, "has no effect (expected beside it: " + TARGET + ")");
            return Optional.empty();
        }
        if (!PREFIX_TEXT.matcher(text.get()).matches()) {
            annotations.bad(PREFIX, "is \"" + text.get() + "\" (expected: letters, digits and any of / - . _ ~ :)");
            return Optional.empty();
        }
        return text;
    }
}
