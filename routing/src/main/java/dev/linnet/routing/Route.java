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
    private final List<JointRelease> releases;
    private final Optional<Side> instead;

    Route(Rule rule) {
        List<Rule.CanarySide> sides =
                rule.canaries().stream().limit(MOST_CANARIES).toList();
        this.rule = rule;
        this.primary = Side.primary(rule);
        this.canaries = sides.isEmpty()
                ? NO_SIDES
                : sides.stream().map(side -> Side.canary(rule, side)).toArray(Side[]::new);
        this.releases = sides.isEmpty() ? List.of() : releases(sides);
        this.selections = sides.isEmpty() ? NO_SELECTIONS : selections(phases(), sides);
        this.shares =
                Shares.of(sides.stream().map(side -> side.selector().share()).toList());
        this.pickers = canaries.length == 0 ? NO_PICKERS : new Picker[canaries.length];
        int turns = 0;
        for (int i = 0; i < canaries.length; i++) {
            Spread spread = canaries[i].selector().spread();
            pickers[i] = Picker.of(spread, sides.get(i).crowd(), turns);
            turns += spread instanceof Spread.Exact ? 1 : 0;
        }
        this.exactOnes = turns;
        this.pins = Pins.of(rule.policy().affinity(), primary, canaries());
        this.instead = rule.policy().relay().errors().backend().map(backend -> Side.instead(rule, backend));
        this.independent = rule.isOrdered();
        this.standIns = sides.stream().anyMatch(side -> side.selector().failover());
    }

    private static List<JointRelease> releases(List<Rule.CanarySide> sides) {
        return sides.stream()
                .flatMap(side -> side.release().stream())
                .distinct()
                .toList();
    }

    private Phase[] phases() {
        return releases.isEmpty() ? Phase.ALONE : Phase.ALL;
    }

    private static Selection[][] selections(Phase[] phases, List<Rule.CanarySide> sides) {
        return Arrays.stream(phases)
                .map(phase -> sides.stream().map(side -> selection(phase, side)).toArray(Selection[]::new))
                .toArray(Selection[][]::new);
    }

    private static Selection selection(Phase phase, Rule.CanarySide side) {
        CanarySelector selector = side.selector();
        return switch (phase) {
            case RELEASE -> side.release().map(Route::selection).orElse(Selection.ABSENT);
            case HEADER -> HeaderTest.of(selector.header());
            case COOKIE -> CookieTest.of(selector.cookie());
            case MATCH -> MatchTest.of(selector.matches(), side.crowd());
        };
    }

    private static Selection selection(JointRelease release) {
        return (_, dealer) -> dealer.brought().verdict(release);
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

    /** Whether any of its versions is released together with others. */
    public boolean isReleasedJointly() {
        return !releases.isEmpty();
    }

    /**
     * The sides that a request goes on with, after one was chosen here: those that it has brought, and of each joint release of this route
     * that it has met for the first time what was drawn. Empty if that is nothing new.
     *
     * @param brought {@link Dealer#brought}
     */
    public Optional<ReleaseSides> sidesAfter(ReleaseSides brought, Side chosen) {
        ReleaseSides sides = brought;
        for (JointRelease release : releases) {
            if (sides.verdict(release) == Verdict.PASSES && !sides.isFull()) {
                sides = sides.with(release, chosen.release().equals(Optional.of(release)));
            }
        }
        return sides.equals(brought) ? Optional.empty() : Optional.of(sides);
    }

    /** The canary that a request was to meet because of a joint release, if another side had to be chosen for want of its endpoints. */
    public Optional<Side> missed(ReleaseSides brought, Side chosen) {
        return chosen.isCanary() ? Optional.empty() : led(brought);
    }

    /** The first canary to whose side another member of its release has led the request. */
    private Optional<Side> led(ReleaseSides brought) {
        return Arrays.stream(canaries)
                .filter(canary -> canary.release()
                        .filter(release -> brought.verdict(release) == Verdict.TAKES)
                        .isPresent())
                .findFirst();
    }

    /**
     * Whether the primary serves a request instead of a canary without endpoints. Versions of an ordered rule stand each for itself, but one
     * that a request was led to by a joint release is no matter of its author's weights.
     */
    public boolean primaryServesInsteadOf(Side canary, ReleaseSides brought) {
        return !independent || led(brought).equals(Optional.of(canary));
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
     * Chooses the side that serves a request (spec of ingress-nginx, §1.6): the side that it is on already, where versions are
     * released together; else the header rules of all canaries, oldest first, then their cookies, then their combined rules, then
     * the session cookie if the route has an affinity, then their shares. A canary that refuses a request ({@code never}, a broken pattern) is out of it for this request, others are not. A canary without
     * endpoints leaves the request to the primary. The primary is the answer even if it has no endpoints, which is a 503; weights
     * that are less than the whole do not stand in for it, but canaries with failover do. Versions of an ordered rule stand each for
     * itself.
     */
    public Side choose(RequestView request, Availability available, Dealer dealer) {
        return choose(request, available, dealer, Trace.OFF);
    }

    Side choose(RequestView request, Availability available, Dealer dealer, Trace trace) {
        dealer.begin(releases.isEmpty() ? ReleaseSides.NONE : ReleaseSides.of(request));
        Side chosen = canaries.length == 0 ? primary : select(request, available, dealer, trace);
        if (chosen.isCanary()
                && (!independent || isReleasedJointly())
                && !available.hasEndpoints(chosen.backend())
                && primaryServesInsteadOf(chosen, dealer.brought())) {
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
        Phase[] phases = phases();
        for (int phase = 0; phase < selections.length; phase++) {
            Selection[] rules = selections[phase];
            for (int i = 0; i < canaries.length; i++) {
                if ((refused & (1L << i)) != 0) {
                    continue;
                }
                Verdict verdict = rules[i].ask(request, dealer);
                trace.asked(phases[phase], canaries[i], verdict);
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
