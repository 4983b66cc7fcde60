package dev.linnet.numbers;

/**
 * Whose requests these are: the labels that ingress-nginx's metrics carry (its documentation, and spec §6.1). All of them come from
 * objects, none from a request, so that no client can make new ones.
 *
 * @param route     the route in words: {@code default/web app.example.com/api}
 * @param side      {@code primary} or {@code canary}, {@link #MIRROR} for copies of requests, empty where nothing was routed
 * @param namespace namespace of the Ingress that owns the path, which is the primary's also for the canary side
 * @param ingress   its name
 * @param service   the Service in its rule
 * @param backend   the Service that served: that of the side
 * @param host      host of the rule
 * @param path      path of the rule
 * @param canary    upstream name of the canary that was chosen, else empty
 */
public record Series(
        String route,
        String side,
        String namespace,
        String ingress,
        String service,
        String backend,
        String host,
        String path,
        String canary) {

    /** The side of those who get copies of requests, and answer nobody. */
    public static final String MIRROR = "mirror";

    /** Requests that no rule took, or that were malformed. */
    public static final Series UNROUTED = new Series("", "", "", "", "", "", "", "", "");

    /** Requests that no rule took, for a host that somebody asked for: only where such hosts are to be seen. */
    public static Series unroutedOn(String host) {
        return new Series("", "", "", "", "", "", host, "", "");
    }

    /** This series with the host that was asked for instead of the rule's pattern. */
    public Series on(String askedHost) {
        return new Series(route, side, namespace, ingress, service, backend, askedHost, path, canary);
    }

    /** Whether its host is neither a pattern nor any host. */
    public boolean isForOneHost() {
        return !host.isEmpty() && !host.startsWith("*");
    }

    /** Whether these are copies, which no client has sent. */
    boolean isMirror() {
        return side.equals(MIRROR);
    }

    boolean isUnrouted() {
        return route.isEmpty();
    }

    /** Where requests are counted once there are more series than allowed. */
    public static final Series OVERFLOW = new Series("(more)", "", "", "", "", "", "", "", "");
}
