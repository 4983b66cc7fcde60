package dev.linnet.manifests.ingress;

import com.google.re2j.PatternSyntaxException;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The seven canary annotations (spec of ingress-nginx, §1.2 to §1.9).
 *
 * <p>Unlike ingress-nginx, no wrong value turns into a default: the canary takes no request by a selector that is wrong, and
 * an Ingress of which nobody can say whether it is a canary serves nothing, instead of competing with its own primary.
 */
final class CanaryAnnotations {
    static final String CANARY = "canary";
    static final String WEIGHT = "canary-weight";
    static final String WEIGHT_TOTAL = "canary-weight-total";
    static final String BY_HEADER = "canary-by-header";
    static final String BY_HEADER_VALUE = "canary-by-header-value";
    static final String BY_HEADER_PATTERN = "canary-by-header-pattern";
    static final String BY_COOKIE = "canary-by-cookie";

    /** All but {@code canary} itself. */
    static final List<String> SELECTORS =
            List.of(BY_COOKIE, BY_HEADER, BY_HEADER_PATTERN, BY_HEADER_VALUE, WEIGHT, WEIGHT_TOTAL);

    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    /** What both ingress-nginx lets pass and HTTP knows as a name (RFC 9110 §5.1). */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+");

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9/._~: -]+");
    private static final Pattern REGEX = Pattern.compile("[A-Za-z0-9/._~:^$\\[\\](){}*+?|&=\\\\-]+");

    /** Weights are shares of at least this: 5 of 10 are 5 %, as in ingress-nginx (§1.9). */
    private static final int LEAST_TOTAL = 100;

    private final Annotations annotations;

    private CanaryAnnotations(Annotations annotations) {
        this.annotations = annotations;
    }

    static Role role(Annotations annotations) {
        return new CanaryAnnotations(annotations).role();
    }

    private Role role() {
        Optional<String> canary = annotations.raw(CANARY);
        if (canary.isEmpty()) {
            reportSelectorsWithoutCanary();
            return primary();
        }
        if (TRUE.contains(canary.get())) {
            CanarySelector plain = new CanarySelector(header(), cookie(), share());
            return new Role.Canary(
                    OwnCanaryAnnotations.refine(plain, annotations),
                    BalanceAnnotations.read(annotations),
                    AffinityAnnotations.isSticky(annotations),
                    OwnCanaryAnnotations.release(annotations));
        }
        if (FALSE.contains(canary.get())) {
            return primary();
        }
        annotations.bad(
                CANARY,
                "is \"" + canary.get()
                        + "\" (expected: \"true\" or \"false\"): until then this Ingress serves nothing");
        return new Role.Nothing();
    }

    private Role primary() {
        return new Role.Primary(
                LimitAnnotations.read(annotations),
                PolicyAnnotations.read(annotations),
                PathAnnotations.read(annotations),
                HostAnnotations.read(annotations));
    }

    private void reportSelectorsWithoutCanary() {
        for (String name : SELECTORS) {
            if (annotations.has(name)) {
                annotations.bad(
                        name, "has no effect on an ordinary Ingress (expected beside it: " + CANARY + ": \"true\")");
            }
        }
        for (String name : OwnCanaryAnnotations.NAMES) {
            if (annotations.own(name).isPresent()) {
                annotations.ownBad(
                        name,
                        "has no effect on an ordinary Ingress (expected beside it: " + Annotations.PREFIX + CANARY
                                + ": \"true\")");
            }
        }
    }

    private Optional<HeaderRule> header() {
        Optional<String> name = annotations.text(BY_HEADER);
        if (name.isEmpty()) {
            reportWithoutHeader(BY_HEADER_VALUE);
            reportWithoutHeader(BY_HEADER_PATTERN);
            return Optional.empty();
        }
        if (!NAME.matcher(name.get()).matches()) {
            annotations.bad(BY_HEADER, "is \"" + name.get() + "\" (expected: the name of a header)");
            return Optional.empty();
        }
        return header(name.get());
    }

    private void reportWithoutHeader(String annotation) {
        if (annotations.text(annotation).isPresent()) {
            annotations.bad(annotation, "has no effect (expected beside it: " + BY_HEADER + ")");
        }
    }

    private Optional<HeaderRule> header(String name) {
        Optional<String> value = annotations.text(BY_HEADER_VALUE);
        Optional<String> pattern = annotations.text(BY_HEADER_PATTERN);
        if (value.isPresent()) {
            if (pattern.isPresent()) {
                annotations.bad(
                        BY_HEADER_PATTERN, "has no effect beside " + BY_HEADER_VALUE + " (expected: one of them)");
            }
            return value(name, value.get());
        }
        return Optional.of(pattern.map(text -> pattern(name, text)).orElseGet(() -> new HeaderRule.AlwaysNever(name)));
    }

    private Optional<HeaderRule> value(String name, String value) {
        if (!VALUE.matcher(value).matches()) {
            annotations.bad(
                    BY_HEADER_VALUE, "is \"" + value + "\" (expected: letters, digits, spaces and any of / - . _ ~ :)");
            return Optional.empty();
        }
        return Optional.of(new HeaderRule.Value(name, value));
    }

    /** Searched in linear time: what needs backtracking (look-around, back references) is not to be had. */
    private HeaderRule pattern(String name, String text) {
        if (!REGEX.matcher(text).matches()) {
            annotations.bad(
                    BY_HEADER_PATTERN,
                    "is \"" + text
                            + "\" (expected: letters, digits and any of / - . _ ~ : ^ $ [ ] ( ) { } * + ? | & = \\)");
            return new HeaderRule.Broken(name, text);
        }
        try {
            return new HeaderRule.Matches(name, com.google.re2j.Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            annotations.bad(
                    BY_HEADER_PATTERN,
                    "is \"" + text + "\", which is no pattern: " + e.getDescription()
                            + " (expected: RE2 syntax); requests with header " + name + " stay with the primary");
            return new HeaderRule.Broken(name, text);
        }
    }

    private Optional<String> cookie() {
        Optional<String> name = annotations.text(BY_COOKIE);
        if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
            annotations.bad(BY_COOKIE, "is \"" + name.get() + "\" (expected: the name of a cookie)");
            return Optional.empty();
        }
        return name;
    }

    private Share share() {
        OptionalInt total = total();
        if (total.isEmpty()) {
            return Share.NONE;
        }
        int most = total.getAsInt();
        OptionalInt weight = annotations.wholeNumber(WEIGHT, 0, most, "a whole number from 0 to " + most);
        return weight.isPresent() ? new Share(weight.getAsInt(), most) : Share.NONE;
    }

    /** Empty if it is wrong. */
    private OptionalInt total() {
        if (!annotations.has(WEIGHT_TOTAL)) {
            return OptionalInt.of(LEAST_TOTAL);
        }
        OptionalInt total = annotations.wholeNumber(
                WEIGHT_TOTAL, Integer.MIN_VALUE, Integer.MAX_VALUE, "a whole number, " + LEAST_TOTAL + " or more");
        if (total.isPresent() && total.getAsInt() < LEAST_TOTAL) {
            annotations.bad(
                    WEIGHT_TOTAL,
                    "is \"" + total.getAsInt() + "\" and counts as " + LEAST_TOTAL + " (expected: " + LEAST_TOTAL
                            + " or more)");
            return OptionalInt.of(LEAST_TOTAL);
        }
        return total;
    }
}
