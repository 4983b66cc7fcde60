package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.policy.AddressRanges;
import java.util.List;

/**
 * Conditions that all must hold.
 *
 * @param text as the author wrote them
 */
public record MatchRule(String text, List<Condition> conditions) {

    public MatchRule {
        conditions = List.copyOf(conditions);
    }

    /** One condition on a request. */
    public sealed interface Condition {

        /** One of the header's lines is this. */
        record HeaderIs(String name, String value) implements Condition {}

        /** The pattern is found in one of the header's lines. */
        record HeaderMatches(String name, Pattern pattern) implements Condition {}

        record CookieIs(String name, String value) implements Condition {}

        /** One of the query's parameters, decoded, is this. */
        record QueryIs(String name, String value) implements Condition {}

        /** The pattern is found in the path, decoded and normalised. */
        record PathMatches(Pattern pattern) implements Condition {}

        record MethodIs(String method) implements Condition {}

        /** The client's address lies in one of these. */
        record From(AddressRanges networks) implements Condition {}

        /** The user belongs to this part of all users, the same that {@link CanarySelector.Spread.Sticky} would pick. */
        record UserIsIn(CanarySelector.Share share, CanarySelector.UserKey key) implements Condition {}
    }

    @Override
    public String toString() {
        return text;
    }
}
