package dev.linnet.gateway.exchange;

import dev.linnet.gateway.tls.ClientTls;

/** How an endpoint is spoken to. A connection that was opened in one manner is never used in another. */
public sealed interface Manner {
    /** HTTP/1.1 in the clear. */
    Manner PLAIN = new Plain();

    record Plain() implements Manner {}

    /**
     * HTTP/1.1 over TLS.
     *
     * @param name that the endpoint goes by: it may be told, and its certificate checked for it
     */
    record Tls(ClientTls tls, String name) implements Manner {}
}
