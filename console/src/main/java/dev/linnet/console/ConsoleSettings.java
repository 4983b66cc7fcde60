package dev.linnet.console;

import dev.linnet.console.access.Owner;
import dev.linnet.console.oidc.OidcSettings;
import dev.linnet.console.traffic.Gateways;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a console is told.
 *
 * @param listen        where browsers come; port 0 for any free one
 * @param cookiePort    the port by which browsers know it, where that is another one; 0 for the one it listens on
 * @param gateways      whose numbers it shows
 * @param owner         who comes in by a link, on loopback only
 * @param oidc          where people sign in who have no token of the cluster at hand
 * @param secure        whether browsers come over TLS
 * @param usualProvider routes where a Canary names no provider, as the controller was told
 */
public record ConsoleSettings(
        InetSocketAddress listen,
        int cookiePort,
        Gateways.Where gateways,
        Optional<Owner> owner,
        Optional<OidcSettings> oidc,
        boolean secure,
        String usualProvider,
        InstantSource clock) {
    public ConsoleSettings {
        if (owner.isPresent() && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "one-time links are for loopback, but the console listens on " + listen + " (expected: 127.0.0.1)");
        }
    }
}
