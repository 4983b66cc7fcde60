package dev.linnet.routing.policy;

import java.time.Duration;

/** Which endpoint of a backend gets a request (spec of ingress-nginx, §3.1). */
public sealed interface Balancing {
    Balancing UNSAID = new Unsaid();

    /** Nothing is said about the route: what the Service says counts, else endpoints take turns. */
    record Unsaid() implements Balancing {}

    record By(Scheduler scheduler) implements Balancing {}

    /**
     * The same key meets the same endpoint; few keys move when endpoints change.
     *
     * @param missing which one a request meets that has no such key
     */
    record Hashed(KeyExpression key, Missing missing) implements Balancing {
        /** As ingress-nginx does it. */
        public Hashed(KeyExpression key) {
            this(key, new Missing.AlwaysOne());
        }
    }

    /** What becomes of requests without the key by which endpoints are chosen. */
    sealed interface Missing {
        /** All of them meet the same endpoint. */
        record AlwaysOne() implements Missing {}

        /** Each meets any endpoint. */
        record Anyone() implements Missing {}

        /**
         * Each meets any endpoint, and gets a cookie by which the client's next one meets it again (spec of Istio, §2.5).
         *
         * @param path empty for the path of the request
         * @param ttl  zero for as long as the browser runs
         */
        record Issued(String cookie, String path, Duration ttl) implements Missing {
            /** The line of an answer that gives it. */
            public String line(String value) {
                return cookie + "=" + value + (ttl.isZero() ? "" : "; Max-Age=" + ttl.toSeconds())
                        + (path.isEmpty() ? "" : "; Path=" + path) + "; HttpOnly";
            }
        }
    }

    /**
     * The same key meets the same few endpoints, one of them by chance.
     *
     * @param size how many, at least 1
     */
    record HashedToSubset(KeyExpression key, int size) implements Balancing {}
}
