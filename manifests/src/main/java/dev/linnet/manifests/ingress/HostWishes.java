package dev.linnet.manifests.ingress;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an ordinary Ingress asks of its hosts as a whole. Of several Ingresses the oldest that asks decides.
 *
 * @param aliases further names of the host, lower-case
 * @param appRoot the path to which requests for {@code /} are sent
 * @param www     with which status the name with {@code www.} in front, or without it, leads here; empty if it does not
 */
public record HostWishes(List<String> aliases, Optional<String> appRoot, OptionalInt www) {
    static final HostWishes NONE = new HostWishes(List.of(), Optional.empty(), OptionalInt.empty());

    private static final String WWW = "www.";

    public HostWishes {
        aliases = List.copyOf(aliases);
    }

    /** The other name of a host, if it can have one. */
    static Optional<String> otherName(String host) {
        if (host.isEmpty() || host.startsWith("*")) {
            return Optional.empty();
        }
        return Optional.of(host.startsWith(WWW) ? host.substring(WWW.length()) : WWW + host);
    }
}
