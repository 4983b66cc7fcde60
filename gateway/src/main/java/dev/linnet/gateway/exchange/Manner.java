package dev.linnet.gateway.exchange;

import dev.linnet.gateway.tls.ClientTls;

/** How an endpoint is spoken to. A connection that was opened in one manner is never used in another. */
public sealed interface Manner {
    /** HTTP/1.1 in the clear. */
    Http1 PLAIN = new Plain();

    /** HTTP/2 in the clear, without asking whether it is understood. */
    Http2 PRIOR_KNOWLEDGE = new Http2(PLAIN);

    /** HTTP/1.1: one exchange after the other on a connection. */
    sealed interface Http1 extends Manner {}

    record Plain() implements Http1 {}

    /**
     * HTTP/1.1 over TLS.
     *
     * @param name that the endpoint goes by: it may be told, and its certificate checked for it
     */
    record Tls(ClientTls tls, String name) implements Http1 {}

    /** HTTP/2, over what HTTP/1.1 would go over: many exchanges at once on a connection. */
    record Http2(Http1 over) implements Manner {}
}
