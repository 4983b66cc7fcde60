package dev.linnet.routing.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a request a hash is made of: {@code $request_uri}, {@code ${cookie_sid}$host} (spec of ingress-nginx, §3.2).
 *
 * @param text  as the author wrote it
 * @param parts its pieces, in order
 */
public record KeyExpression(String text, List<Part> parts) {
    private static final Pattern PIECE =
            Pattern.compile("\\\\\\$|\\$\\{([A-Za-z0-9_]+)}|\\$([A-Za-z0-9_]+)|[^$\\\\]+|.", Pattern.DOTALL);

    public KeyExpression {
        parts = List.copyOf(parts);
    }

    /** A piece of the key. */
    public sealed interface Part {
        record Text(String text) implements Part {}

        /** The value that the request gives this variable; nothing if it gives none. The name is in lower case, without the dollar. */
        record Variable(String name) implements Part {}
    }

    /** Of one variable, whose name may have any characters: those of cookies do. */
    public static KeyExpression ofVariable(String name) {
        return new KeyExpression("$" + name, List.of(new Part.Variable(name.toLowerCase(Locale.ROOT))));
    }

    public static KeyExpression of(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher pieces = PIECE.matcher(text);
        while (pieces.find()) {
            String braced = pieces.group(1);
            String plain = pieces.group(2);
            if (braced != null || plain != null) {
                parts.add(new Part.Variable((braced == null ? plain : braced).toLowerCase(Locale.ROOT)));
            } else {
                parts.add(new Part.Text(pieces.group().equals("\\$") ? "$" : pieces.group()));
            }
        }
        return new KeyExpression(text, parts);
    }
}
