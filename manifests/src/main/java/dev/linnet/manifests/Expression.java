package dev.linnet.manifests;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;
import java.util.function.Consumer;

/** A regular expression as an author writes it: RE2, as for Envoy. */
public final class Expression {
    private static final int LONGEST = 1024;

    private Expression() {}

    /**
     * Reads one; empty if it is none.
     *
     * @param mistake told what is wrong with it: {@code is "(": missing closing ) (expected: an RE2 expression)}
     */
    public static Optional<Pattern> read(String text, Consumer<String> mistake) {
        if (text.length() > LONGEST) {
            mistake.accept("has " + text.length() + " characters (expected: at most " + LONGEST + ")");
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            mistake.accept("is \"" + text + "\": " + e.getDescription() + " (expected: an RE2 expression)");
            return Optional.empty();
        }
    }
}
