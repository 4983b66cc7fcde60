package dev.linnet.manifests.ingress;

import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.JointRelease;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Linnet adds to ingress-nginx's canary annotations, under its own prefix. All of it is off unless asked for. */
final class OwnCanaryAnnotations {
    static final String WEIGHT = "canary-weight";
    static final String COOKIE_VALUE = "canary-by-cookie-value";
    static final String MATCH = "canary-match";
    static final String STICKY = "canary-sticky";
    static final String EXACT = "canary-exact";
    static final String FAILOVER = "canary-failover";
    static final String RELEASE = "release";

    static final List<String> NAMES = List.of(COOKIE_VALUE, EXACT, FAILOVER, MATCH, RELEASE, STICKY, WEIGHT);

    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,2})?");
    private static final int HUNDREDTHS = 100_00;

    private final Annotations annotations;

    private OwnCanaryAnnotations(Annotations annotations) {
        this.annotations = annotations;
    }

    /** The selector that ingress-nginx's annotations ask for, with all that ours add. */
    static CanarySelector refine(CanarySelector plain, Annotations annotations) {
        return new OwnCanaryAnnotations(annotations).refine(plain);
    }

    /** With what the canary is released together; it is released by itself if that is no name. */
    static Optional<JointRelease> release(Annotations annotations) {
        return JointRelease.of(annotations.object(), annotations.own(RELEASE), annotations::bad);
    }

    private CanarySelector refine(CanarySelector plain) {
        Optional<UserKey> user = user();
        CanarySelector selector = cookie(plain)
                .map(plain::withCookie)
                .orElse(plain)
                .withMatches(new MatchAnnotation(annotations, MATCH, user.orElseGet(UserKey.Address::new)).read())
                .withSpread(spread(user))
                .withFailover(isOn(FAILOVER));
        return weight().map(selector::withShare).orElse(selector);
    }

    private Optional<CookieRule> cookie(CanarySelector plain) {
        Optional<String> value = annotations.ownText(COOKIE_VALUE);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (plain.cookie().isEmpty()) {
            annotations.ownBad(
                    COOKIE_VALUE,
                    "has no effect (expected beside it: " + Annotations.PREFIX + CanaryAnnotations.BY_COOKIE + ")");
            return Optional.empty();
        }
        if (value.get().indexOf(';') >= 0) {
            annotations.ownBad(COOKIE_VALUE, "is \"" + value.get() + "\" (expected: a value without semicolon)");
            return Optional.empty();
        }
        return Optional.of(new CookieRule.Value(plain.cookie().get().name(), value.get()));
    }

    /** A share in hundredths of a percent; a wrong one takes no requests, whatever ingress-nginx's annotation says. */
    private Optional<Share> weight() {
        return annotations
                .own(WEIGHT)
                .map(text -> percent(text).orElseGet(() -> {
                    annotations.ownBad(
                            WEIGHT,
                            "is \"" + text + "\" (expected: 0 to 100, with at most two decimals, such as 0.25)");
                    return Share.NONE;
                }));
    }

    /** {@code 0} to {@code 100}, with at most two decimals. */
    static Optional<Share> percent(String text) {
        if (!PERCENT.matcher(text).matches()) {
            return Optional.empty();
        }
        int weight = new BigDecimal(text).movePointRight(2).intValueExact();
        return weight > HUNDREDTHS ? Optional.empty() : Optional.of(new Share(weight, HUNDREDTHS));
    }

    private Spread spread(Optional<UserKey> user) {
        boolean exact = isOn(EXACT);
        if (user.isPresent()) {
            if (exact) {
                annotations.ownBad(
                        EXACT, "has no effect beside " + STICKY + ", where users decide (expected: one of them)");
            }
            return new Spread.Sticky(user.get());
        }
        return exact ? new Spread.Exact() : new Spread.Random();
    }

    private Optional<UserKey> user() {
        Optional<String> text = annotations.ownText(STICKY);
        Optional<UserKey> key = text.flatMap(OwnCanaryAnnotations::key);
        if (text.isPresent() && key.isEmpty()) {
            annotations.ownBad(
                    STICKY,
                    "is \"" + text.get()
                            + "\" (expected: \"cookie\", \"cookie:\" or \"header:\" and a name, or \"ip\"):"
                            + " until then chance decides");
        }
        return key;
    }

    private static Optional<UserKey> key(String text) {
        if (text.equals("cookie")) {
            return Optional.of(new UserKey.IssuedCookie());
        }
        if (text.equals("ip")) {
            return Optional.of(new UserKey.Address());
        }
        String name = text.substring(text.indexOf(':') + 1);
        if (!CanaryAnnotations.NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        if (text.startsWith("cookie:")) {
            return Optional.of(new UserKey.Cookie(name));
        }
        return text.startsWith("header:") ? Optional.of(new UserKey.Header(name)) : Optional.empty();
    }

    private boolean isOn(String name) {
        Optional<String> text = annotations.ownText(name);
        if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
            annotations.ownBad(name, "is \"" + text.get() + "\" (expected: \"true\" or \"false\"): it is off");
        }
        return text.isPresent() && text.get().equals("true");
    }
}
