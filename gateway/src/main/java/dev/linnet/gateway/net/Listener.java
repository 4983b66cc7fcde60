package dev.linnet.gateway.net;

/**
 * Through which door a client came.
 *
 * @param scheme {@code http} or {@code https}
 * @param port   the port that the client sees
 * @param host   the one host that is behind this door, in lower case; empty if the Host header decides
 */
public record Listener(String scheme, int port, String host) {}
