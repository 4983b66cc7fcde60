package dev.linnet.routing;

/** What the table says of a request's host and path. All values exist beforehand: a look-up makes no object. */
public sealed interface Match permits Route, Match.SlashRedirect, Match.Unmatched {

    /** Nothing serves it: 404. */
    enum Unmatched implements Match {
        NO_HOST("no route for this host"),
        NO_PATH("no route for this path");

        private final String reason;

        Unmatched(String reason) {
            this.reason = reason;
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
