package dev.linnet.gateway.net;

import java.util.Arrays;

/**
 * Through which door a client came.
 *
 * @param scheme {@code http} or {@code https}
 * @param port   the port that the client sees
 * @param host   the one host that is behind this door, in lower case; none if the Host header decides
 */
public record Listener(String scheme, int port, byte[] host) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Listener(String otherScheme, int otherPort, byte[] otherHost)
                && scheme.equals(otherScheme)
                && port == otherPort
                && Arrays.equals(host, otherHost);
    }

    @Override
    public int hashCode() {
        return 31 * port + Arrays.hashCode(host);
    }

    @Override
    public String toString() {
        return scheme + " on " + port;
    }
}
