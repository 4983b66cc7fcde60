package dev.linnet.routing.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Another path for the backend (spec of ingress-nginx, §4.2, {@code rewrite-target}).
 *
 * @param pattern         searched in the decoded path
 * @param target          what the whole path becomes
 * @param forwardedPrefix what {@code X-Forwarded-Prefix} tells the backend
 */
public record Rewrite(Pattern pattern, List<Piece> target, Optional<String> forwardedPrefix) {
    private static final Pattern WHOLE = Pattern.compile("^.*$", Pattern.DOTALL);

    /** A piece of the new path. */
    public sealed interface Piece {
        /** This very text. */
        record Text(String text) implements Piece {}

        /** What a group of the pattern captured; nothing if there is no such group. */
        record Group(int number) implements Piece {}
    }

    public Rewrite {
        target = List.copyOf(target);
    }

    /** Every path becomes this one. */
    public static Rewrite whole(String path) {
        return new Rewrite(WHOLE, List.of(new Piece.Text(path)), Optional.empty());
    }

    /** The new path, encoded. A path in which the pattern is not found stays as it is. */
    public String apply(byte[] decodedPath) {
        Matcher found = PathSearch.of(pattern, decodedPath);
        if (!found.find()) {
            return PathText.encoded(decodedPath);
        }
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        for (Piece piece : target) {
            switch (piece) {
                case Piece.Text(String text) -> path.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                case Piece.Group(int number) -> {
                    int start = number > found.groupCount() ? -1 : found.start(number);
                    if (start >= 0) {
                        path.write(decodedPath, start, found.end(number) - start);
                    }
                }
            }
        }
        String encoded = PathText.encoded(path.toByteArray());
        return encoded.startsWith("/") ? encoded : "/" + encoded; // no server takes a path without it
    }
}
