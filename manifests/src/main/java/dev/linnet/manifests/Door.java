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

    /** Where the gateway's Pods listen, behind the usual ports. */
    private static final int OWN_HTTP = 8080;

    private static final int OWN_HTTPS = 8443;
    private static final int OWN_METRICS = 9113;
    private static final Set<Integer> TAKEN = Set.of(HTTP, HTTPS, OWN_HTTP, OWN_HTTPS, OWN_METRICS);

    /** Whether it is the port that everybody expects. */
    public boolean isUsual() {
        return port == (secure ? HTTPS : HTTP);
    }

    /** Whether it is where the gateway's Pods serve the usual port. */
    public boolean isBehindUsual() {
        return port == (secure ? OWN_HTTPS : OWN_HTTP);
    }

    /** Whether the gateway can listen there for it alone. */
    public boolean isFree() {
        return port > 0 && port <= 65_535 && !TAKEN.contains(port);
    }

    /** What hosts of rules end with that are for this port alone: {@code :8090}; nothing for the usual ones. */
    public String suffix() {
        return isFree() ? ":" + port : "";
    }
}
