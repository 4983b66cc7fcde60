package dev.linnet.routing;

/** Hears of each step of a decision. Serving passes {@link #OFF}, so that explaining and serving are one algorithm. */
interface Trace {
    Trace OFF = new Trace() {};

    default void host(String key) {}

    default void noHost() {}

    default void match(Match match) {}

    default void header(Side canary, Verdict verdict) {}

    default void cookie(Side canary, Verdict verdict) {}

    /** The client's session cookie was set by this side. */
    default void pinned(Side side) {}

    default void drawn(Side hit) {}

    /** The draw hit a canary that had refused the request. */
    default void refusedBefore(Side canary) {}

    /** The draw hit a canary that has a part of the weight, but the primary has no endpoints. */
    default void notInstead(Side canary) {}

    default void withoutEndpoints(Side canary) {}

    default void chosen(Side side) {}
}
