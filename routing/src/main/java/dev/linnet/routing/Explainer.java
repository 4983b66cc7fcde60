package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.Explanation.Chance;
import dev.linnet.routing.Explanation.Target;
import dev.linnet.routing.Explanation.WhyNot;
import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Redirects.ToHttps;
import dev.linnet.routing.policy.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts a decision into words. It decides nothing: it listens while {@link RouteTable} and {@link Route} do. */
final class Explainer implements Trace {
    private static final int HTTPS_PORT = 443;

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
        request.dropped()
                .forEach(name ->
                        steps.add("Header " + name + " is dropped: its name has an underscore, use - instead."));
        Match match = table.find(request, this);
        return switch (match) {
            case Match.Unmatched _ -> answer(404, Optional.empty());
            case Match.SlashRedirect(Rule rule, String _) -> answer(301, Optional.of(rule));
            case Route route -> {
                OptionalInt redirected = redirect(route.rule());
                yield redirected.isPresent()
                        ? answer(redirected.getAsInt(), Optional.of(route.rule()))
                        : chosen(route, route.choose(request, available, random, this));
            }
        };
    }

    /** The status by which the rule sends the request elsewhere, if it does. The gateway is taken to serve HTTPS. */
    private OptionalInt redirect(Rule rule) {
        Redirects redirects = rule.policy().redirects();
        Optional<Elsewhere> elsewhere = redirects.elsewhere();
        if (elsewhere.isPresent()) {
            int status = elsewhere.get().status();
            steps.add("The rule sends every request elsewhere: " + status + " to "
                    + redirects.location(elsewhere.get(), request.asked()) + ".");
            return OptionalInt.of(status);
        }
        Optional<ToHttps> toHttps = redirects.toHttps();
        if (toHttps.isEmpty() || !request.asked().scheme().equals("http")) {
            return OptionalInt.empty();
        }
        int status = toHttps.get().status();
        steps.add("The rule wants HTTPS: " + status + " to "
                + redirects.location(toHttps.get(), request.asked(), HTTPS_PORT)
                + (toHttps.get().always() ? "." : ", if the gateway serves HTTPS."));
        return OptionalInt.of(status);
    }

    private Explanation answer(int status, Optional<Rule> rule) {
        otherRules(rule.orElse(null));
        return new Explanation(steps, status, rule, Optional.empty(), List.of(), others, List.of());
    }

    private Explanation chosen(Route route, Side side) {
        readdressed(route.rule().policy().target());
        boolean served = available.hasEndpoints(side.backend());
        if (served) {
            endpoint(side).ifPresent(steps::add);
        } else {
            steps.add("Service " + side.backend() + " has no ready endpoints: 503.");
        }
        for (Side canary : route.canaries()) {
            if (!drawn && canary != side && undecided.contains(canary)) {
                others.add(new WhyNot(canary.toString(), "no header or cookie selects it and its weight is 0"));
            }
        }
        otherRules(route.rule());
        return new Explanation(
                steps,
                served ? 0 : 503,
                Optional.of(route.rule()),
                Optional.of(Target.of(side)),
                drawn ? chances(route) : List.of(new Chance(Target.of(side), 1)),
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
            case Balancing.Hashed(KeyExpression key) ->
                Optional.of("The same " + key.text() + " meets the same endpoint.");
            case Balancing.HashedToSubset(KeyExpression key, int size) ->
                Optional.of("The same " + key.text() + " meets one of the same " + size + " endpoints.");
        };
    }

    private void readdressed(BackendTarget target) {
        byte[] path = Arrays.copyOfRange(request.bytes(), request.pathStart(), request.pathEnd());
        target.path()
                .ifPresent(rewrite ->
                        steps.add("The backend gets path " + rewrite.apply(path) + " instead of the client's."));
        target.host().ifPresent(host -> steps.add("The backend gets Host " + host + "."));
    }

    private List<Chance> chances(Route route) {
        List<Chance> chances = new ArrayList<>();
        double rest = 1;
        List<Side> canaries = route.canaries();
        for (int i = 0; i < canaries.size(); i++) {
            Side canary = canaries.get(i);
            double share = route.shareOf(i);
            if (share > 0 && undecided.contains(canary) && available.hasEndpoints(canary.backend())) {
                chances.add(new Chance(Target.of(canary), share));
                rest -= share;
            }
        }
        if (rest > 0) {
            chances.addFirst(new Chance(Target.of(route.primary()), rest));
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
        boolean matches =
                new HostRoutes(rule.host(), List.of(rule)).find(request.bytes(), request.pathStart(), request.pathEnd())
                        instanceof Route;
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
                    case Route route -> "Path " + request.path() + " is taken by " + describe(route.rule()) + ".";
                    case Match.SlashRedirect redirect ->
                        "Path " + request.path() + " lacks the last slash of " + describe(redirect.rule()) + ": 301 to "
                                + redirect.path() + ".";
                    case Match.Unmatched _ -> "No rule of this host takes path " + request.path() + ": 404.";
                });
    }

    @Override
    public void header(Side canary, Verdict verdict) {
        Optional<HeaderRule> rule = canary.selector().header();
        if (verdict != Verdict.REFUSES) {
            undecided.add(canary);
        }
        if (rule.isPresent()) {
            steps.add("Header " + describe(rule.get()) + " of " + canary.source() + ": " + words(verdict) + ".");
        }
        if (verdict == Verdict.REFUSES) {
            others.add(new WhyNot(canary.toString(), "the header refuses it"));
        }
    }

    @Override
    public void cookie(Side canary, Verdict verdict) {
        Optional<String> cookie = canary.selector().cookie();
        if (cookie.isPresent()) {
            steps.add("Cookie " + cookie.get() + " of " + canary.source() + ": " + words(verdict) + ".");
        }
        if (verdict == Verdict.REFUSES) {
            undecided.remove(canary);
            others.add(new WhyNot(canary.toString(), "the cookie refuses it"));
        }
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
    public void drawn(Side hit) {
        drawn = true;
        steps.add("Nothing has decided, so chance does, by weight: " + hit + " this time.");
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

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case TAKES -> "takes the request";
            case REFUSES -> "refuses the request";
            case PASSES -> "says nothing";
        };
    }
}
