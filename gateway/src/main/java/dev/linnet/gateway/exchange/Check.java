package dev.linnet.gateway.exchange;

/**
 * Something that a route demands before a request is forwarded: it lets the request pass, answers it, or makes it wait. It may also
 * note edits for the heads. One instance serves one route on one event loop, so what it keeps for itself needs no lock.
 */
@FunctionalInterface
public interface Check {
    /**
     * Looks at a request. Exactly one of {@link Visit#pass} and {@link Visit#answer} follows: within this call, or later on the same
     * event loop after {@link Visit#hold}.
     */
    void visit(Visit visit);

    /** Notes what any answer has, also one that is given before the checks are made. */
    default void decorate(Visit visit) {}
}
