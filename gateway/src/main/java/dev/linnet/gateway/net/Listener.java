package dev.linnet.gateway.net;

/**
 * Through which door a client came.
 *
 * @param scheme {@code http} or {@code https}
 * @param port   the port that the client sees
 */
public record Listener(String scheme, int port) {}
