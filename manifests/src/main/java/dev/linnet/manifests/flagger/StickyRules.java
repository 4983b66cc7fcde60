package dev.linnet.manifests.flagger;

import dev.linnet.rollout.plan.Affinity;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How routes keep users at the version that they have met (spec of Flagger, §4.3): rules ahead of the others are for those who bring a cookie,
 * and each version gives its own to whom it answers.
 *
 * @param pins      rules for who brings a cookie of this run, in their order
 * @param expired   the rule for who brings that of the last run
 * @param ofCanary  {@code Set-Cookie} of the canary's answers
 * @param ofPrimary likewise
 */
record StickyRules(List<Pin> pins, Optional<Expired> expired, Optional<String> ofCanary, Optional<String> ofPrimary) {
    static final String COOKIE = "Cookie";
    static final String SET_COOKIE = "Set-Cookie";
    private static final StickyRules NONE =
            new StickyRules(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    StickyRules {
        pins = List.copyOf(pins);
    }

    /**
     * Who brings a cookie that is told by this expression stays.
     *
     * @param canary share of the canary: all or nothing
     */
    record Pin(String pattern, int canary) {}

    /** Who brings a cookie that is told by this expression is told to forget it. */
    record Expired(String pattern, String setCookie) {}

    /** An audience is kept together by what it matches. */
    static StickyRules of(Analysis analysis, Cookies cookies, Traffic traffic) {
        Affinity affinity = analysis.affinity();
        if (!affinity.isWanted() || !analysis.audience().isEmpty()) {
            return NONE;
        }
        if (traffic.canary() == 0) {
            return new StickyRules(
                    List.of(),
                    text(cookies.previous())
                            .map(cookie ->
                                    new Expired(pattern(cookie), setCookie(cookie, Duration.ofSeconds(-1), affinity))),
                    Optional.empty(),
                    Optional.empty());
        }
        Optional<String> canary = text(cookies.canary());
        Optional<String> primary = text(cookies.primary());
        List<Pin> pins = new ArrayList<>();
        canary.ifPresent(cookie -> pins.add(new Pin(pattern(cookie), 100)));
        primary.ifPresent(cookie -> pins.add(new Pin(pattern(cookie), 0)));
        return new StickyRules(
                pins,
                Optional.empty(),
                canary.map(cookie -> setCookie(cookie, affinity.maxAge(), affinity)),
                primary.map(cookie -> setCookie(cookie, analysis.checks().interval(), affinity)));
    }

    private static Optional<String> text(String cookie) {
        return Optional.of(cookie).filter(text -> !text.isEmpty());
    }

    /** For the whole of a {@code Cookie} header, of which this is one: a name that only ends like it is another one. */
    private static String pattern(String cookie) {
        return "(.*;\\s*)?" + cookie.replaceAll("[^\\w=-]", "\\\\$0") + "(;.*)?";
    }

    /** Also one that is to be forgotten has its attributes: with another domain or path it would be another cookie. */
    private static String setCookie(String cookie, Duration maxAge, Affinity affinity) {
        List<String> parts = new ArrayList<>(List.of(cookie, "Max-Age=" + maxAge.toSeconds()));
        parts.addAll(affinity.attributes());
        return String.join("; ", parts);
    }
}
