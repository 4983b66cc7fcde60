package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Affinity.Mode;
import dev.linnet.routing.policy.Affinity.SameSite;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Session cookies (spec of ingress-nginx, §1.11, §4.1). A wrong attribute is left out; what cannot be understood ties nobody. */
final class AffinityAnnotations {
    static final String AFFINITY = "affinity";
    private static final String MODE = "affinity-mode";
    private static final String CANARY_BEHAVIOR = "affinity-canary-behavior";
    private static final String NAME = "session-cookie-name";
    private static final String PATH = "session-cookie-path";
    private static final String MAX_AGE = "session-cookie-max-age";
    private static final String EXPIRES = "session-cookie-expires";
    private static final String SECURE = "session-cookie-secure";
    private static final String SAME_SITE = "session-cookie-samesite";
    private static final String OMIT_NONE = "session-cookie-conditional-samesite-none";
    private static final String DOMAIN = "session-cookie-domain";
    private static final String CHANGE_ON_FAILURE = "session-cookie-change-on-failure";

    private static final List<String> COMPANIONS =
            List.of(MODE, NAME, PATH, MAX_AGE, EXPIRES, SECURE, SAME_SITE, OMIT_NONE, DOMAIN, CHANGE_ON_FAILURE);

    /** Names that HTTP allows (RFC 9110 §5.6.2) and ingress-nginx lets pass. */
    private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9._~-]+");

    private static final Pattern COOKIE_PATH = Pattern.compile("/[A-Za-z0-9/._~:@!$&'()*+,=%-]*");
    private static final Pattern COOKIE_DOMAIN = Pattern.compile("[A-Za-z0-9.-]+");

    private final Annotations annotations;

    private AffinityAnnotations(Annotations annotations) {
        this.annotations = annotations;
    }

    static Optional<Affinity> read(Annotations annotations) {
        return new AffinityAnnotations(annotations).affinity();
    }

    static boolean asksForCookie(Annotations annotations) {
        return annotations.text(AFFINITY).filter("cookie"::equals).isPresent();
    }

    /** Whether sessions hold for this canary too. */
    static boolean isSticky(Annotations annotations) {
        Optional<String> behavior = annotations.text(CANARY_BEHAVIOR);
        if (behavior.isPresent() && !List.of("sticky", "legacy").contains(behavior.get())) {
            annotations.bad(
                    CANARY_BEHAVIOR,
                    "is \"" + behavior.get() + "\" and counts as \"sticky\" (expected: \"sticky\" or \"legacy\")");
        }
        return !behavior.equals(Optional.of("legacy"));
    }

    private Optional<Affinity> affinity() {
        Optional<String> type = annotations.text(AFFINITY);
        if (!asksForCookie(annotations)) {
            type.ifPresent(other -> annotations.bad(AFFINITY, "is \"" + other + "\" (expected: \"cookie\")"));
            COMPANIONS.stream()
                    .filter(name -> type.isEmpty() && annotations.text(name).isPresent())
                    .forEach(name ->
                            annotations.bad(name, "has no effect (expected beside it: " + AFFINITY + ": cookie)"));
            return Optional.empty();
        }
        reportPatternAsPath();
        return Optional.of(new Affinity(
                mode(),
                matching(NAME, COOKIE_NAME, "the name of a cookie").orElse(Affinity.DEFAULT_COOKIE),
                matching(PATH, COOKIE_PATH, "a path that starts with /"),
                matching(DOMAIN, COOKIE_DOMAIN, "the name of a domain"),
                seconds(EXPIRES),
                seconds(MAX_AGE),
                annotations.flag(SECURE, false),
                sameSite(),
                annotations.flag(OMIT_NONE, false),
                annotations.flag(CHANGE_ON_FAILURE, false)));
    }

    private void reportPatternAsPath() {
        boolean pattern =
                annotations.text("use-regex").flatMap(Annotations::bool).orElse(false)
                        || annotations.text("rewrite-target").isPresent();
        if (pattern && annotations.text(PATH).isEmpty()) {
            annotations.bad(
                    AFFINITY,
                    "sets a cookie whose path is a pattern, which no client sends back (expected beside it: " + PATH
                            + ")");
        }
    }

    private Mode mode() {
        Optional<String> mode = annotations.text(MODE);
        if (mode.isPresent() && !List.of("balanced", "persistent").contains(mode.get())) {
            annotations.bad(
                    MODE,
                    "is \"" + mode.get() + "\" and counts as \"balanced\" (expected: \"balanced\" or \"persistent\")");
        }
        return mode.equals(Optional.of("persistent")) ? Mode.PERSISTENT : Mode.BALANCED;
    }

    private Optional<String> matching(String name, Pattern pattern, String expected) {
        Optional<String> value = annotations.text(name);
        if (value.isPresent() && !pattern.matcher(value.get()).matches()) {
            annotations.bad(name, "is \"" + value.get() + "\" (expected: " + expected + ")");
            return Optional.empty();
        }
        return value;
    }

    private OptionalLong seconds(String name) {
        OptionalInt seconds =
                annotations.wholeNumber(name, Integer.MIN_VALUE, Integer.MAX_VALUE, "seconds without a unit");
        return seconds.isPresent() ? OptionalLong.of(seconds.getAsInt()) : OptionalLong.empty();
    }

    /** ingress-nginx accepts any case but then says nothing to clients unless it is this one. */
    private Optional<SameSite> sameSite() {
        Optional<String> value = annotations.text(SAME_SITE);
        Optional<SameSite> site = value.flatMap(text -> Stream.of(SameSite.values())
                .filter(each -> each.toString().equals(text))
                .findFirst());
        if (value.isPresent() && site.isEmpty()) {
            annotations.bad(
                    SAME_SITE,
                    "is \"" + value.get() + "\" and is left out (expected: \"Strict\", \"Lax\" or \"None\")");
        }
        return site;
    }
}
