package dev.linnet.routing;

/** What the table says of a request's host and path. All values exist beforehand: a look-up makes no object. */
public sealed interface Match permits Route, Match.SlashRedirect, Match.Unmatched {

    /** Nothing serves it. */
    enum Unmatched implements Match {
        NO_HOST(404, "no route for this host"),
        NO_PATH(404, "no route for this path"),
        /** Its connection was made for a host of another listener, which may ask less of clients (Gateway API, GEP-3567). */
        MISDIRECTED(421, "this connection was made for another host");

        private final int status;
        private final String reason;

        Unmatched(int status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        public int status() {
            return status;
        }

        public String reason() {
            return reason;
        }
    }

    /**
     * The path is a route's without its last slash: 301 to {@code path} (spec of ingress-nginx, §5.2.1).
     *
     * @param path the route's path, as the author spelled it
     */
    record SlashRedirect(Rule rule, String path) implements Match {}
}
