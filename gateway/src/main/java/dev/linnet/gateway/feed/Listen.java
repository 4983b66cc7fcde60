package dev.linnet.gateway.feed;

/**
 * A port at which to listen for something else than what is served everywhere.
 *
 * @param host   the host of the rules that count there, whatever requests say; {@code :8090} for all hosts of rules that are for this port
 * @param secure whether clients speak TLS
 */
public record Listen(int port, String host, boolean secure) {}
