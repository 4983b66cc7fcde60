package dev.linnet.routing;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** One rule, compiled: it chooses between primary and canaries. */
public final class Route implements Match {
    /** More canaries than this on one route are a mistake; {@link #choose} keeps one bit for each. */
    static final int MOST_CANARIES = Long.SIZE;

    private final Rule rule;
    private final Side primary;
    private final Canary[] canaries;
    private final Shares shares;
    private final Pins pins;

    private record Canary(Side side, HeaderTest header, CookieTest cookie) {}

    Route(Rule rule) {
        List<Rule.CanarySide> sides =
                rule.canaries().stream().limit(MOST_CANARIES).toList();
        this.rule = rule;
        this.primary = Side.primary(rule);
        this.canaries = sides.stream()
                .map(side -> new Canary(
                        Side.canary(rule, side),
                        HeaderTest.of(side.selector().header()),
                        CookieTest.of(side.selector().cookie())))
                .toArray(Canary[]::new);
        this.shares =
                Shares.of(sides.stream().map(side -> side.selector().share()).toList());
        this.pins = Pins.of(rule.policy().affinity(), primary, canaries());
    }

    public Rule rule() {
        return rule;
    }

    public Side primary() {
        return primary;
    }

    /** All canaries, oldest first. */
    public List<Side> canaries() {
        return Arrays.stream(canaries).map(Canary::side).toList();
    }

    /** The part of the undecided requests that a canary gets, 0 to 1. */
    double shareOf(int canary) {
        return shares.of(canary);
    }

    /**
     * Chooses the side that serves a request (spec of ingress-nginx, §1.6): the header rules of all canaries, oldest first, then
     * their cookies, then the session cookie if the route has an affinity, then one draw between their added weights. A canary that
     * refuses a request ({@code never}, a broken pattern) is out of it for this request, others are not. A canary without endpoints
     * leaves the request to the primary. The primary is the answer even if it has no endpoints, which is a 503; weights that are less
     * than the whole do not stand in for it.
     */
    public Side choose(RequestView request, Availability available, RandomGenerator random) {
        return choose(request, available, random, Trace.OFF);
    }

    Side choose(RequestView request, Availability available, RandomGenerator random, Trace trace) {
        Side chosen = canaries.length == 0 ? primary : select(request, available, random, trace);
        if (chosen.isCanary() && !available.hasEndpoints(chosen.backend())) {
            trace.withoutEndpoints(chosen);
            chosen = primary;
        }
        trace.chosen(chosen);
        return chosen;
    }

    private Side select(RequestView request, Availability available, RandomGenerator random, Trace trace) {
        long refused = 0;
        for (int i = 0; i < canaries.length; i++) {
            Verdict verdict = canaries[i].header.ask(request);
            trace.header(canaries[i].side, verdict);
            if (verdict == Verdict.TAKES) {
                return canaries[i].side;
            }
            refused |= verdict == Verdict.REFUSES ? 1L << i : 0;
        }
        for (int i = 0; i < canaries.length; i++) {
            if ((refused & (1L << i)) != 0) {
                continue;
            }
            Verdict verdict = canaries[i].cookie.ask(request);
            trace.cookie(canaries[i].side, verdict);
            if (verdict == Verdict.TAKES) {
                return canaries[i].side;
            }
            refused |= verdict == Verdict.REFUSES ? 1L << i : 0;
        }
        int pinned = pins.of(request);
        if (pinned >= 0 && (refused & (1L << pinned)) == 0) {
            trace.pinned(canaries[pinned].side);
            return canaries[pinned].side;
        }
        if (pinned == Pins.PRIMARY && available.hasEndpoints(primary.backend())) {
            trace.pinned(primary);
            refused |= pins.sticky();
        }
        return draw(refused, available, random, trace);
    }

    private Side draw(long refused, Availability available, RandomGenerator random, Trace trace) {
        boolean allRefused = Long.bitCount(refused) == canaries.length;
        if (allRefused || shares.isNothing()) {
            return primary;
        }
        int hit = shares.hit(random.nextLong());
        trace.drawn(hit < 0 ? primary : canaries[hit].side);
        if (hit < 0) {
            return primary;
        }
        if ((refused & (1L << hit)) != 0) {
            trace.refusedBefore(canaries[hit].side);
            return primary;
        }
        // A part of the requests is a canary's trial, not a way round a primary that is down: only the whole weight is.
        if (!shares.isWhole() && !available.hasEndpoints(primary.backend())) {
            trace.notInstead(canaries[hit].side);
            return primary;
        }
        return canaries[hit].side;
    }

    @Override
    public String toString() {
        return rule.source() + " " + rule.host() + rule.path().path();
    }
}
