package dev.linnet.routing.policy;

/** Which endpoint of a backend gets a request (spec of ingress-nginx, §3.1). */
public sealed interface Balancing {
    Balancing UNSAID = new Unsaid();

    /** Nothing is said about the route: what the Service says counts, else endpoints take turns. */
    record Unsaid() implements Balancing {}

    record By(Scheduler scheduler) implements Balancing {}

    /** The same key meets the same endpoint; few keys move when endpoints change. */
    record Hashed(KeyExpression key) implements Balancing {}

    /**
     * The same key meets the same few endpoints, one of them by chance.
     *
     * @param size how many, at least 1
     */
    record HashedToSubset(KeyExpression key, int size) implements Balancing {}
}
