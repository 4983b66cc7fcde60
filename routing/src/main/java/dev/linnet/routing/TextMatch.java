package dev.linnet.routing;

import com.google.re2j.Pattern;

/** What a part of a request has to be (Istio's StringMatch, spec §1.8). */
public sealed interface TextMatch {

    /** This very text. */
    record Is(String text) implements TextMatch {}

    /** Whatever begins so. */
    record Begins(String text) implements TextMatch {}

    /** This path and whatever is below it, by path elements; ends without a slash, empty for all paths. */
    record Below(String path) implements TextMatch {}

    /** Whatever the pattern matches as a whole. */
    record Matches(Pattern pattern) implements TextMatch {}

    /** Anything, if only it is there. */
    record IsThere() implements TextMatch {}

    /** For people: {@code = "x"}. */
    default String words() {
        return switch (this) {
            case Is(String text) -> "= \"" + text + "\"";
            case Begins(String text) -> "begins with \"" + text + "\"";
            case Below(String path) -> "at or below \"" + path + "\"";
            case Matches(Pattern pattern) -> "~ \"" + pattern + "\"";
            case IsThere _ -> "is there";
        };
    }
}
