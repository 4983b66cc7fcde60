package dev.linnet.manifests;

import java.util.Set;

/**
 * A port at which the gateway serves from outside. The usual ones are as one, whatever numbers they have on the way; at each other port
 * only what says so is served.
 *
 * @param port   as objects name it
 * @param secure whether clients speak TLS there
 */
public record Door(int port, boolean secure) {
    public static final int HTTP = 80;
    public static final int HTTPS = 443;

    /** Where the gateway's Pods listen for the usual ports, and where they tell numbers. */
    private static final int OWN_HTTP = 8080;

    private static final int OWN_HTTPS = 8443;
    private static final int OWN_METRICS = 9113;

    /** So far from there they listen for doors of these numbers. */
    private static final int ASIDE = 10_000;

    private static final Set<Integer> TAKEN =
            Set.of(HTTP, HTTPS, OWN_HTTP + ASIDE, OWN_HTTPS + ASIDE, OWN_METRICS + ASIDE);

    /** As Istio has it: a port is one of the Service in front, and where it has none of that number, that of the Pods behind the usual one. */
    public static Door ofPods(int port, boolean secure) {
        return port == (secure ? OWN_HTTPS : OWN_HTTP)
                ? new Door(secure ? HTTPS : HTTP, secure)
                : new Door(port, secure);
    }

    /** Whether it is the port that everybody expects. */
    public boolean isUsual() {
        return port == (secure ? HTTPS : HTTP);
    }

    /** Whether the gateway can listen for it alone. */
    public boolean isFree() {
        return port > 0 && port <= 65_535 && !TAKEN.contains(port);
    }

    /** The port at which the gateway's Pods listen for it, where it is free: the same, unless they need that themselves. */
    public int portOfPods() {
        return port == OWN_HTTP || port == OWN_HTTPS || port == OWN_METRICS ? port + ASIDE : port;
    }

    /** What hosts of rules end with that are for this port alone: {@code :8090}; nothing for the usual ones. */
    public String suffix() {
        return isFree() ? ":" + port : "";
    }
}
