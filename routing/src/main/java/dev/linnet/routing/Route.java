package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One rule, compiled: it chooses between primary and canaries. */
public final class Route implements Match {
    /** More canaries than this on one route are a mistake; {@link #choose} keeps one bit for each. */
    static final int MOST_CANARIES = Long.SIZE;

    private static final Selection[][] NO_SELECTIONS = {};
    private static final Side[] NO_SIDES = {};
    private static final Picker[] NO_PICKERS = {};

    private final Rule rule;
    private final Side primary;
    private final Side[] canaries;
    private final Selection[][] selections;
    private final Shares shares;
    private final Pins pins;
    private final Picker[] pickers;
    private final int exactOnes;
    private final boolean standIns;
    private final boolean independent;
    private final Optional<Side> instead;

    Route(Rule rule) {
        List<Rule.CanarySide> sides =
                rule.canaries().stream().limit(MOST_CANARIES).toList();
        this.rule = rule;
        this.primary = Side.primary(rule);
        this.canaries = sides.isEmpty()
                ? NO_SIDES
                : sides.stream().map(side -> Side.canary(rule, side)).toArray(Side[]::new);
        this.selections = sides.isEmpty() ? NO_SELECTIONS : selections(sides);
        this.shares =
                Shares.of(sides.stream().map(side -> side.selector().share()).toList());
        this.pickers = canaries.length == 0 ? NO_PICKERS : new Picker[canaries.length];
        int turns = 0;
        for (int i = 0; i < canaries.length; i++) {
            Spread spread = canaries[i].selector().spread();
            pickers[i] = Picker.of(spread, canaries[i].source(), turns);
            turns += spread instanceof Spread.Exact ? 1 : 0;
        }
        this.exactOnes = turns;
        this.pins = Pins.of(rule.policy().affinity(), primary, canaries());
        this.instead = rule.policy().relay().errors().backend().map(backend -> Side.instead(rule, backend));
        this.independent = rule.isOrdered();
        this.standIns = sides.stream().anyMatch(side -> side.selector().failover());
    }

    private static Selection[][] selections(List<Rule.CanarySide> sides) {
        return Arrays.stream(Phase.ALL)
                .map(phase -> sides.stream().map(side -> selection(phase, side)).toArray(Selection[]::new))
                .toArray(Selection[][]::new);
    }

    private static Selection selection(Phase phase, Rule.CanarySide side) {
        CanarySelector selector = side.selector();
        return switch (phase) {
            case HEADER -> HeaderTest.of(selector.header());
            case COOKIE -> CookieTest.of(selector.cookie());
            case MATCH -> MatchTest.of(selector.matches(), side.source());
        };
    }

    public Rule rule() {
        return rule;
    }

    public Side primary() {
        return primary;
    }

    /** Who answers where the primary has no endpoints, and instead of errors; not a version of this route. */
    public Optional<Side> instead() {
        return instead;
    }

    /** All canaries, oldest first. */
    public List<Side> canaries() {
        return List.of(canaries);
    }

    /** The part that a canary gets of the undecided requests that older ones have not taken, 0 to 1. */
    double partOf(int canary) {
        return Math.scalb((double) shares.part(canary), -62);
    }

    /** Whether an undecided request belongs to the share of this canary, if no older one takes it. */
    boolean picks(int canary, RequestView request, Dealer dealer) {
        long part = shares.part(canary);
        return part == Shares.WHOLE || (part > 0 && pickers[canary].picks(request, dealer, part));
    }

    /** What one event loop keeps, to be passed to each choice that it makes. */
    public Dealer newDealer(RandomGenerator random) {
        return new Dealer(random, exactOnes);
    }

    /** Chooses as {@link #choose(RequestView, Availability, Dealer)} does, for once. */
    public Side choose(RequestView request, Availability available, RandomGenerator random) {
        return choose(request, available, newDealer(random), Trace.OFF);
    }

    /**
     * Chooses the side that serves a request (spec of ingress-nginx, §1.6): the header rules of all canaries, oldest first, then
     * their cookies, then their combined rules, then the session cookie if the route has an affinity, then their shares. A canary
     * that refuses a request ({@code never}, a broken pattern) is out of it for this request, others are not. A canary without
     * endpoints leaves the request to the primary. The primary is the answer even if it has no endpoints, which is a 503; weights
     * that are less than the whole do not stand in for it, but canaries with failover do. Versions of an ordered rule stand each for
     * itself.
     */
    public Side choose(RequestView request, Availability available, Dealer dealer) {
        return choose(request, available, dealer, Trace.OFF);
    }

    Side choose(RequestView request, Availability available, Dealer dealer, Trace trace) {
        dealer.begin();
        Side chosen = canaries.length == 0 ? primary : select(request, available, dealer, trace);
        if (chosen.isCanary() && !independent && !available.hasEndpoints(chosen.backend())) {
            trace.withoutEndpoints(chosen);
            chosen = primary;
        }
        if (standIns && !chosen.isCanary() && !available.hasEndpoints(primary.backend())) {
            chosen = standIn(available, trace);
        }
        trace.chosen(chosen);
        return chosen;
    }

    private Side select(RequestView request, Availability available, Dealer dealer, Trace trace) {
        long refused = 0;
        for (int phase = 0; phase < selections.length; phase++) {
            Selection[] rules = selections[phase];
            for (int i = 0; i < canaries.length; i++) {
                if ((refused & (1L << i)) != 0) {
                    continue;
                }
                Verdict verdict = rules[i].ask(request, dealer);
                trace.asked(Phase.ALL[phase], canaries[i], verdict);
                if (verdict == Verdict.TAKES) {
                    return canaries[i];
                }
                refused |= verdict == Verdict.REFUSES ? 1L << i : 0;
            }
        }
        int pinned = pins.of(request);
        if (pinned >= 0 && (refused & (1L << pinned)) == 0) {
            trace.pinned(canaries[pinned]);
            return canaries[pinned];
        }
        if (pinned == Pins.PRIMARY && available.hasEndpoints(primary.backend())) {
            trace.pinned(primary);
            refused |= pins.sticky();
        }
        boolean allRefused = Long.bitCount(refused) == canaries.length;
        return allRefused ? primary : deal(refused, request, available, dealer, trace);
    }

    private Side deal(long refused, RequestView request, Availability available, Dealer dealer, Trace trace) {
        int picked = pick(request, dealer, trace);
        if (picked < 0) {
            return primary;
        }
        if ((refused & (1L << picked)) != 0) {
            trace.refusedBefore(canaries[picked]);
            return primary;
        }
        // A part of the requests is a canary's trial, not a way round a primary that is down: only the whole weight is.
        if (!independent && !shares.isWhole() && !available.hasEndpoints(primary.backend())) {
            trace.notInstead(canaries[picked]);
            return primary;
        }
        return canaries[picked];
    }

    /** Which canary's share the request belongs to, negative for the primary's. */
    private int pick(RequestView request, Dealer dealer, Trace trace) {
        for (int i = 0; i < canaries.length; i++) {
            if (shares.part(i) == 0) {
                continue;
            }
            boolean picked = picks(i, request, dealer);
            trace.dealt(canaries[i], picked);
            if (picked) {
                return i;
            }
        }
        return -1;
    }

    private Side standIn(Availability available, Trace trace) {
        for (Side canary : canaries) {
            if (canary.failsOver() && available.hasEndpoints(canary.backend())) {
                trace.standsIn(canary);
                return canary;
            }
        }
        return primary;
    }

    @Override
    public String toString() {
        return rule.source() + " " + rule.host() + rule.path().path();
    }
}
