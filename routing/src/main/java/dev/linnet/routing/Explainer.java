package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.Explanation.Chance;
import dev.linnet.routing.Explanation.Target;
import dev.linnet.routing.Explanation.WhyNot;
import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.Scheduler;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts a decision into words. It decides nothing: it listens while {@link RouteTable} and {@link Route} do. */
final class Explainer implements Trace {
    private final RouteTable table;
    private final TextRequest request;
    private final Availability available;
    private final List<String> steps = new ArrayList<>();
    private final List<WhyNot> others = new ArrayList<>();
    private final List<Side> undecided = new ArrayList<>();
    private boolean drawn;

    Explainer(RouteTable table, TextRequest request, Availability available) {
        this.table = table;
        this.request = request;
        this.available = available;
    }

    Explanation explain(RandomGenerator random) {
        if (request.caller().isKnown()) {
            steps.add("It comes from " + request.caller() + " with labels "
                    + new TreeMap<>(request.caller().labels()) + ".");
        }
        request.dropped()
                .forEach(name ->
                        steps.add("Header " + name + " is dropped: its name has an underscore, use - instead."));
        if (!request.isFromPod() && ReleaseSides.areIn(request)) {
            steps.add("The sides of releases that it says it is on are dropped: "
                    + (request.isInside() && request.caller().isKnown()
                            ? "a Pod of another namespace has sent it."
                            : "no Pod inside the cluster has sent it."));
        }
        Match match = table.find(request, this);
        return switch (match) {
            case Match.Unmatched unmatched -> answer(unmatched.status(), Optional.empty());
            case Match.SlashRedirect(Rule rule, String _) -> answer(301, Optional.of(rule));
            case Route route -> {
                OptionalInt answered = new OwnAnswer(route.rule(), request, steps::add).status();
                if (answered.isPresent()) {
                    yield answer(answered.getAsInt(), Optional.of(route.rule()));
                }
                Dealer dealer = route.newDealer(random);
                Side side = route.choose(request, available, dealer, this);
                yield chosen(route, side, dealer);
            }
        };
    }

    private Explanation answer(int status, Optional<Rule> rule) {
        otherRules(rule.orElse(null));
        return new Explanation(steps, status, rule, Optional.empty(), List.of(), others, List.of());
    }

    private Explanation chosen(Route route, Side side, Dealer dealer) {
        readdressed(side);
        route.sidesAfter(dealer.brought(), side)
                .ifPresent(sides -> steps.add("From here on it is on these sides: " + sides.header() + "."));
        boolean served = available.hasEndpoints(side.backend());
        if (served) {
            endpoint(side).ifPresent(steps::add);
        } else {
            steps.add("Service " + side.backend() + " has no ready endpoints: 503.");
        }
        for (Side canary : route.canaries()) {
            if (!drawn && canary != side && undecided.contains(canary)) {
                others.add(new WhyNot(canary.toString(), "no rule selects it and its weight is 0"));
            }
        }
        otherRules(route.rule());
        return new Explanation(
                steps,
                served ? 0 : 503,
                Optional.of(route.rule()),
                Optional.of(Target.of(side)),
                drawn ? chances(route, dealer) : List.of(new Chance(Target.of(side), 1)),
                others,
                new RouteProblems(route, available).find());
    }

    /** By what its endpoint is chosen, if somebody has said. */
    private static Optional<String> endpoint(Side side) {
        Optional<Affinity> affinity = side.rule().policy().affinity().filter(_ -> side.isSticky());
        if (affinity.isPresent()) {
            String mode = affinity.get().mode().name().toLowerCase(Locale.ROOT);
            return Optional.of(
                    "Cookie " + affinity.get().cookie() + " ties the client to one endpoint (" + mode + ").");
        }
        return switch (side.balancing()) {
            case Balancing.Unsaid _ -> Optional.empty();
            case Balancing.By(Scheduler scheduler) ->
                Optional.of("Its endpoint is chosen by scheduler " + scheduler.spelled() + ".");
            case Balancing.Hashed(KeyExpression key, Balancing.Missing _) ->
                Optional.of("The same " + key.text() + " meets the same endpoint.");
            case Balancing.HashedToSubset(KeyExpression key, int size) ->
                Optional.of("The same " + key.text() + " meets one of the same " + size + " endpoints.");
        };
    }

    private void readdressed(Side side) {
        BackendTarget target = side.rule().policy().target();
        byte[] path = Arrays.copyOfRange(request.bytes(), request.pathStart(), request.pathEnd());
        target.path()
                .ifPresent(rewrite ->
                        steps.add("The backend gets path " + rewrite.apply(path) + " instead of the client's."));
        Optional<String> ofRule =
                target.host().or(() -> side.rule().policy().edits().request().host());
        side.edits()
                .request()
                .host()
                .or(() -> ofRule)
                .ifPresent(host -> steps.add("The backend gets Host " + host + "."));
    }

    /** Who is known by something is no matter of chance; a new user is, because his id will be made by chance. */
    private List<Chance> chances(Route route, Dealer dealer) {
        List<Chance> chances = new ArrayList<>();
        double primary = 0;
        double rest = 1;
        List<Side> canaries = route.canaries();
        for (int i = 0; i < canaries.size(); i++) {
            Side canary = canaries.get(i);
            boolean byUser = canary.selector().spread() instanceof Spread.Sticky && !dealer.metNewUser();
            double part = byUser ? (route.picks(i, request, dealer) ? 1 : 0) : route.partOf(i);
            double share = rest * part;
            rest -= share;
            boolean serves = route.rule().isOrdered() || available.hasEndpoints(canary.backend());
            if (share > 0 && undecided.contains(canary) && serves) {
                chances.add(new Chance(Target.of(canary), share));
            } else {
                primary += share;
            }
        }
        if (primary + rest > 0) {
            chances.addFirst(new Chance(Target.of(route.primary()), primary + rest));
        }
        return chances;
    }

    private void otherRules(@Nullable Rule chosen) {
        HostRoutes host = table.host(request);
        if (host == null) {
            return;
        }
        for (Rule rule : host.rules()) {
            if (!rule.equals(chosen)) {
                others.add(new WhyNot(describe(rule), whyNot(rule)));
            }
        }
    }

    private String whyNot(Rule rule) {
        boolean matches = new HostRoutes(rule.host(), List.of(rule)).find(request) instanceof Route;
        if (rule.path() instanceof Rule.PathMatch.Ordered(String _, RequestMatch match)) {
            return matches ? "a rule before it matches" : "it is for " + match;
        }
        return matches ? "another rule matches more exactly, or is older" : "its path does not match " + request.path();
    }

    private static String describe(Rule rule) {
        return rule.source() + ": " + rule.host() + " " + rule.path().type() + " "
                + rule.path().path();
    }

    @Override
    public void host(String key) {
        if (key.isEmpty()) {
            steps.add("No rule names host \"" + request.host() + "\": the rules for any host apply.");
        } else if (key.startsWith("**")) {
            steps.add("Host " + request.host() + " is below " + key.substring(3) + ": rules of " + key.substring(1)
                    + ".");
        } else if (key.startsWith("*")) {
            steps.add("Host " + request.host() + " is one label below " + key.substring(2) + ": rules of " + key + ".");
        } else {
            steps.add("Host " + key + " has rules of its own.");
        }
    }

    @Override
    public void noHost() {
        steps.add("No rule names host \"" + request.host() + "\", and none is for any host: 404.");
    }

    @Override
    public void match(Match match) {
        steps.add(
                switch (match) {
                    case Route route
                    when route.rule().path() instanceof Rule.PathMatch.Ordered(String _, RequestMatch wanted) ->
                        "The first rule that matches is for " + wanted + ": " + describe(route.rule()) + ".";
                    case Route route -> "Path " + request.path() + " is taken by " + describe(route.rule()) + ".";
                    case Match.SlashRedirect redirect ->
                        "Path " + request.path() + " lacks the last slash of " + describe(redirect.rule()) + ": 301 to "
                                + redirect.path() + ".";
                    case Match.Unmatched _ -> "No rule of this host takes path " + request.path() + ": 404.";
                });
        if (match instanceof Route route) {
            demands(route.rule());
        }
    }

    private void demands(Rule rule) {
        rule.policy().rates().demands().forEach(demand -> steps.add("It grants " + demand + "."));
        rule.policy().access().at(rule.path().path()).demands().forEach(demand -> steps.add("Access: " + demand + "."));
        rule.policy().relay().mirrors().forEach(mirror -> steps.add("It copies " + mirror + "."));
    }

    @Override
    public void asked(Phase phase, Side canary, Verdict verdict) {
        if (phase == Phase.RELEASE) {
            askedOfRelease(canary, verdict);
            return;
        }
        rule(phase, canary.selector())
                .ifPresent(rule -> steps.add(rule + " of " + canary.source() + ": " + words(verdict) + "."));
        if (phase == Phase.HEADER) {
            undecided.add(canary);
        }
        if (verdict == Verdict.REFUSES) {
            undecided.remove(canary);
            others.add(new WhyNot(
                    canary.toString(), phase == Phase.HEADER ? "the header refuses it" : "the cookie refuses it"));
        }
    }

    private void askedOfRelease(Side canary, Verdict verdict) {
        String release = canary.release().map(JointRelease::toString).orElse("");
        switch (verdict) {
            case TAKES ->
                steps.add("The request is on the canary's side of release " + release + ": " + canary.source()
                        + " takes it.");
            case REFUSES -> {
                steps.add("The request is on the primary's side of release " + release + ": " + canary.source()
                        + " refuses it.");
                others.add(new WhyNot(canary.toString(), "the request is on the primary's side of release " + release));
            }
            case PASSES -> {} // it is drawn here
        }
    }

    private static Optional<String> rule(Phase phase, CanarySelector selector) {
        return switch (phase) {
            case RELEASE -> Optional.empty();
            case HEADER -> selector.header().map(rule -> "Header " + describe(rule));
            case COOKIE -> selector.cookie().map(rule -> "Cookie " + describe(rule));
            case MATCH ->
                selector.matches().isEmpty()
                        ? Optional.empty()
                        : Optional.of("Rule "
                                + selector.matches().stream()
                                        .map(rule -> "\"" + rule + "\"")
                                        .collect(Collectors.joining(" or ")));
        };
    }

    @Override
    public void pinned(Side side) {
        steps.add("The session cookie was set by Service " + side.backend() + ": the client stays there.");
        if (!side.isCanary()) {
            undecided.stream()
                    .filter(Side::isSticky)
                    .forEach(canary -> others.add(new WhyNot(canary.toString(), "the session is the primary's")));
            undecided.removeIf(Side::isSticky);
        }
    }

    @Override
    public void dealt(Side canary, boolean picked) {
        drawn = true;
        String share = percent(canary.selector().share());
        String source = canary.source().toString();
        steps.add(
                switch (canary.selector().spread()) {
                    case Spread.Random _ ->
                        "Nothing has decided, so chance does: " + source + " has " + share + " and "
                                + (picked ? "gets" : "does not get") + " it this time.";
                    case Spread.Exact _ ->
                        "Nothing has decided, so turns do: " + source + " has exactly " + share + ", and it is "
                                + (picked ? "its turn." : "not its turn this time.");
                    case Spread.Sticky(UserKey key) ->
                        "Nothing has decided, so the user does, known by " + describe(key) + ": "
                                + (picked ? "one of" : "not one of") + " the " + share + " of " + source + ".";
                });
        if (!picked && canary.selector().spread() instanceof Spread.Sticky) {
            others.add(new WhyNot(canary.toString(), "the user is not among its " + share));
        }
    }

    private static String percent(Share share) {
        return BigDecimal.valueOf(share.weight() * 100L)
                        .divide(BigDecimal.valueOf(share.total()), 4, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }

    static String describe(UserKey key) {
        return switch (key) {
            case UserKey.IssuedCookie _ -> "cookie " + UserKey.ISSUED_COOKIE_NAME + " (set where it is missing)";
            case UserKey.Cookie(String name) -> "cookie " + name;
            case UserKey.Header(String name) -> "header " + name;
            case UserKey.Address _ -> "address";
        };
    }

    @Override
    public void refusedBefore(Side canary) {
        steps.add(canary.source() + " had refused the request, so its share goes to the primary.");
    }

    @Override
    public void notInstead(Side canary) {
        drawn = false;
        steps.add(canary.source() + " has a part of the weight only, so it does not stand in for the primary.");
        others.add(new WhyNot(canary.toString(), "the primary has no endpoints, and the weight is not the whole"));
    }

    @Override
    public void withoutEndpoints(Side canary) {
        steps.add("Service " + canary.backend() + " of " + canary.source() + " has no ready endpoints: primary.");
        others.add(new WhyNot(canary.toString(), "its Service has no ready endpoints"));
    }

    @Override
    public void standsIn(Side canary) {
        drawn = false;
        steps.add("The primary has no ready endpoints: " + canary.source() + " stands in for it.");
    }

    @Override
    public void chosen(Side side) {
        steps.add("The request goes to Service " + side.backend() + " (" + side.name() + ").");
    }

    static String describe(HeaderRule rule) {
        return switch (rule) {
            case HeaderRule.AlwaysNever(String name) -> name + " (always or never)";
            case HeaderRule.Value(String name, String value) -> name + " = \"" + value + "\"";
            case HeaderRule.Matches(String name, var pattern) -> name + " ~ \"" + pattern + "\"";
            case HeaderRule.Broken(String name, String pattern) -> name + " ~ \"" + pattern + "\" (not a pattern)";
        };
    }

    static String describe(CookieRule rule) {
        return switch (rule) {
            case CookieRule.AlwaysNever(String name) -> name;
            case CookieRule.Value(String name, String value) -> name + " = \"" + value + "\"";
        };
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case TAKES -> "takes the request";
            case REFUSES -> "refuses the request";
            case PASSES -> "says nothing";
        };
    }
}
