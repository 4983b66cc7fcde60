package dev.linnet.routing;

/** Hears of each step of a decision. Serving passes {@link #OFF}, so that explaining and serving are one algorithm. */
interface Trace {
    Trace OFF = new Trace() {};

    default void host(String key) {}

    default void noHost() {}

    default void match(Match match) {}

    default void asked(Phase phase, Side canary, Verdict verdict) {}

    /** The client's session cookie is this side's. */
    default void pinned(Side side) {}

    /** The share of a canary was asked for the request. */
    default void dealt(Side canary, boolean picked) {}

    /** The share picked a request that the canary had refused. */
    default void refusedBefore(Side canary) {}

    /** The share picked the request, but it is a part only, and the primary has no endpoints. */
    default void notInstead(Side canary) {}

    default void withoutEndpoints(Side canary) {}

    /** The primary has no endpoints, and this canary stands in. */
    default void standsIn(Side canary) {}

    default void chosen(Side side) {}
}
