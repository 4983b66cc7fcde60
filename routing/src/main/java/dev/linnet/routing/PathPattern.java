package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.policy.PathSearch;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A route whose path is a regular expression, ready to be asked about bytes. What every match begins with is compared first: most
 * routes of a host are ruled out by it, and a path without any operator needs no expression at all. One that is run costs a few
 * hundred bytes of garbage (a matcher and its input), so hosts without such paths never come here.
 */
final class PathPattern {
    private static final String OPERATORS = "\\.[]{}()*+?|^$";
    private static final String MAY_BE_ABSENT = "*?{";

    private final Route route;
    private final Pattern pattern;
    private final byte[] beginning;
    private final boolean isLiteral;

    PathPattern(Route route, PathMatch.Regex path) {
        String text = path.pattern().pattern().substring(PathMatch.Regex.START.length());
        String plain = beginning(text);
        this.route = route;
        this.pattern = path.pattern();
        this.beginning = plain.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        this.isLiteral = plain.length() == text.length();
    }

    /** What each match begins with, whatever its case. Of an alternative nothing is known. */
    private static String beginning(String text) {
        if (text.indexOf('|') >= 0) {
            return "";
        }
        int end = 0;
        while (end < text.length() && text.charAt(end) < 0x80 && OPERATORS.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        boolean lastIsOptional = end > 0 && end < text.length() && MAY_BE_ABSENT.indexOf(text.charAt(end)) >= 0;
        return text.substring(0, lastIsOptional ? end - 1 : end);
    }

    Route route() {
        return route;
    }

    boolean mayMatch(byte[] bytes, int start, int end) {
        return Bytes.startsIgnoringCase(beginning, bytes, start, end);
    }

    /**
     * Whether the pattern is found.
     *
     * @param path one that {@link #mayMatch}
     */
    boolean matches(byte[] path) {
        return isLiteral || PathSearch.of(pattern, path).find();
    }
}
