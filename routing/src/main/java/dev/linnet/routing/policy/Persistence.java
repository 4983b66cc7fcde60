package dev.linnet.routing.policy;

/** What endpoints are told of their connections (spec of ingress-nginx, §3.4). */
public enum Persistence {
    /** Nothing, and in HTTP/1.1 that means that they are kept. */
    UNSAID,
    /** In words, for endpoints that want it said. */
    KEEP,
    /** One request each. */
    CLOSE
}
