package dev.linnet.manifests.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.MatchRule;
import dev.linnet.routing.MatchRule.Condition;
import dev.linnet.routing.policy.AddressRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * Reads {@code canary-match}: one rule a line, any of which takes a request; in a line conditions, all of which must hold, with
 * blanks between them. A value with blanks stands in double quotes. A line with a mistake takes no request.
 */
final class MatchAnnotation {
    /** Word, operator, value: {@code header:X-Beta="two words"}. */
    private static final java.util.regex.Pattern CONDITION = java.util.regex.Pattern.compile(
            "(?<kind>[a-z]+)(:(?<name>[^\\s=~<\"]+))?(?<operator>[=~<])(\"(?<quoted>[^\"]*)\"|(?<bare>[^\\s\"]+))(?=\\s|$)");

    private static final java.util.regex.Pattern METHOD = java.util.regex.Pattern.compile("[A-Z]+");
    private static final String FORMS =
            "header:N=V, header:N~RE, cookie:N=V, query:N=V, path~RE, method=M, cidr=C or share<N";

    private final Annotations annotations;
    private final String annotation;
    private final UserKey user;

    /**
     * A reader.
     *
     * @param user by what {@code share<N>} knows users
     */
    MatchAnnotation(Annotations annotations, String annotation, UserKey user) {
        this.annotations = annotations;
        this.annotation = annotation;
        this.user = user;
    }

    List<MatchRule> read() {
        return annotations.own(annotation).stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .flatMap(line -> rule(line).stream())
                .toList();
    }

    private Optional<MatchRule> rule(String line) {
        List<Condition> conditions = new ArrayList<>();
        Matcher matcher = CONDITION.matcher(line);
        int at = 0;
        while (at < line.length()) {
            matcher.region(at, line.length());
            if (!matcher.lookingAt()) {
                return bad(line, "has \"" + line.substring(at) + "\"", FORMS);
            }
            Optional<Condition> condition = condition(matcher, line);
            if (condition.isEmpty()) {
                return Optional.empty();
            }
            conditions.add(condition.get());
            at = matcher.end();
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
        }
        return Optional.of(new MatchRule(line, conditions));
    }

    private Optional<Condition> condition(Matcher matcher, String line) {
        Optional<String> name = Optional.ofNullable(matcher.group("name"));
        String value = Optional.ofNullable(matcher.group("quoted")).orElseGet(() -> matcher.group("bare"));
        String form = matcher.group("kind") + (name.isPresent() ? ":" : "") + matcher.group("operator");
        return switch (form) {
            case "header:=" -> named(line, name, n -> new Condition.HeaderIs(n, value));
            case "header:~" ->
                pattern(line, value).flatMap(p -> named(line, name, n -> new Condition.HeaderMatches(n, p)));
            case "cookie:=" -> named(line, name, n -> new Condition.CookieIs(n, value));
            case "query:=" -> name.map(n -> new Condition.QueryIs(n, value));
            case "path~" -> pattern(line, value).map(Condition.PathMatches::new);
            case "method=" -> method(line, value);
            case "cidr=" -> networks(line, value);
            case "share<" -> share(line, value);
            default -> bad(line, "has \"" + matcher.group() + "\"", FORMS);
        };
    }

    @FunctionalInterface
    private interface Named {
        Condition with(String name);
    }

    private Optional<Condition> named(String line, Optional<String> name, Named condition) {
        String given = name.orElse("");
        return CanaryAnnotations.NAME.matcher(given).matches()
                ? Optional.of(condition.with(given))
                : bad(line, "names \"" + given + "\"", "the name of a header or cookie");
    }

    private Optional<Pattern> pattern(String line, String text) {
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            return bad(line, "has \"" + text + "\", which is no pattern: " + e.getDescription(), "RE2 syntax");
        }
    }

    private Optional<Condition> method(String line, String value) {
        return METHOD.matcher(value).matches()
                ? Optional.of(new Condition.MethodIs(value))
                : bad(line, "has method \"" + value + "\"", "capital letters, such as POST");
    }

    private Optional<Condition> networks(String line, String value) {
        Optional<Condition> networks = AddressRanges.parse(value).map(Condition.From::new);
        return networks.isPresent() ? networks : bad(line, "has cidr \"" + value + "\"", AddressRanges.EXPECTED);
    }

    private Optional<Condition> share(String line, String value) {
        Optional<Condition> share = OwnCanaryAnnotations.percent(value).map(part -> new Condition.UserIsIn(part, user));
        return share.isPresent()
                ? share
                : bad(line, "has share \"" + value + "\"", "0 to 100, with at most two decimals");
    }

    private <T> Optional<T> bad(String line, String what, String expected) {
        annotations.ownBad(
                annotation,
                "in line \"" + line + "\" " + what + " (expected: " + expected + "): that line takes nothing");
        return Optional.empty();
    }
}
