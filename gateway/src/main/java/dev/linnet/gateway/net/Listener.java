package dev.linnet.gateway.net;

/**
 * Through which door a client came.
 *
 * @param scheme {@code http} or {@code https}
 * @param port   the port of a client that names none, whatever number the door has
 * @param host   the one host that is behind this door, in lower case; empty if the Host header decides, {@code :8090} if it does among the
 *               hosts that are for this port
 */
public record Listener(String scheme, int port, String host) {}
