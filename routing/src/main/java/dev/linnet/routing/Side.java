package dev.linnet.routing;

import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.Policy;
import java.util.List;
import java.util.Optional;

/** One of the versions behind a route. Compared by identity: a compiled route makes each of its sides once. */
public final class Side {
    private final Rule rule;
    private final ServiceRef backend;
    private final ObjectRef source;
    private final Optional<CanarySelector> selector;
    private final Balancing balancing;
    private final boolean sticky;
    private final Optional<JointRelease> release;
    private final HeadEdits edits;
    private final boolean canary;
    private final boolean failsOver;

    private Side(
            Rule rule,
            ServiceRef backend,
            ObjectRef source,
            Optional<CanarySelector> selector,
            Balancing balancing,
            boolean sticky,
            Optional<JointRelease> release,
            HeadEdits edits) {
        this.rule = rule;
        this.backend = backend;
        this.source = source;
        this.selector = selector;
        this.balancing = balancing;
        this.sticky = sticky && rule.policy().affinity().isPresent();
        this.release = release;
        this.edits = edits;
        this.canary = selector.isPresent();
        this.failsOver = selector.isPresent() && selector.get().failover();
    }

    static Side primary(Rule rule) {
        return new Side(
                rule,
                rule.primary(),
                rule.source(),
                Optional.empty(),
                rule.policy().balancing(),
                true,
                Optional.empty(),
                rule.policy().primaryEdits());
    }

    /** Another backend, asked as if nobody wanted anything special. */
    static Side instead(Rule rule, ServiceRef backend) {
        return primary(
                new Rule(rule.host(), rule.path(), backend, List.of(), rule.source(), rule.limits(), Policy.NONE));
    }

    static Side canary(Rule rule, Rule.CanarySide canary) {
        return new Side(
                rule,
                canary.backend(),
                canary.source(),
                Optional.of(canary.selector()),
                canary.balancing(),
                canary.sticky(),
                canary.release(),
                canary.edits());
    }

    /** The rule of the whole route. */
    public Rule rule() {
        return rule;
    }

    public ServiceRef backend() {
        return backend;
    }

    /** The object that names this backend: the route's, or the canary's own. */
    public ObjectRef source() {
        return source;
    }

    /** Which requests it takes, if it is a canary. */
    CanarySelector selector() {
        return selector.orElseThrow();
    }

    /** Which of its endpoints get requests, unless {@link #isSticky}. */
    public Balancing balancing() {
        return balancing;
    }

    /** Whether a cookie ties clients to its endpoints: the route's {@link dev.linnet.routing.policy.Affinity} says how. */
    public boolean isSticky() {
        return sticky;
    }

    /** With what it is released together, if it is a canary. */
    public Optional<JointRelease> release() {
        return release;
    }

    /** What is changed in heads where it serves, beside what its route changes. */
    public HeadEdits edits() {
        return edits;
    }

    public boolean isCanary() {
        return canary;
    }

    /** Whether it is a canary that stands in for the primary, and the primary for it. */
    public boolean failsOver() {
        return failsOver;
    }

    /** {@code primary} or {@code canary}. */
    public String name() {
        return canary ? "canary" : "primary";
    }

    /** The part of its route's undecided requests that is meant for it. */
    public double percent() {
        if (selector.isPresent()) {
            return percent(selector.get());
        }
        double others = rule.canaries().stream()
                .mapToDouble(other -> percent(other.selector()))
                .sum();
        return Math.max(0, 100 - others);
    }

    private static double percent(CanarySelector of) {
        return 100.0 * of.share().weight() / of.share().total();
    }

    @Override
    public String toString() {
        return name() + " " + backend + " (" + source + ")";
    }
}
