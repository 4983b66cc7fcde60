package dev.linnet.routing.policy;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Clients stay with their endpoint, by a cookie (spec of ingress-nginx, §1.11).
 *
 * @param mode            what the cookie's key means
 * @param cookie          name of the cookie
 * @param path            its path; empty for the path of the route
 * @param domain          for which hosts the client sends it; empty for the one that set it
 * @param expires         seconds until it does, for old clients
 * @param maxAge          seconds that it lives
 * @param secure          only sent over TLS, even if it was set without
 * @param sameSite        which requests of other sites carry it
 * @param omitNone        {@link SameSite#NONE} is not said to clients that misunderstand it
 * @param changeOnFailure a client whose endpoint fails moves to another one for good
 */
public record Affinity(
        Mode mode,
        String cookie,
        Optional<String> path,
        Optional<String> domain,
        OptionalLong expires,
        OptionalLong maxAge,
        boolean secure,
        Optional<SameSite> sameSite,
        boolean omitNone,
        boolean changeOnFailure) {
    public static final String DEFAULT_COOKIE = "INGRESSCOOKIE";

    public enum Mode {
        /** The key is hashed: a client may move when endpoints change, so that all have as much to do. */
        BALANCED,
        /** The key names the endpoint: a client moves only when its endpoint is gone. */
        PERSISTENT
    }

    /** Its text is what the attribute says. */
    public enum SameSite {
        STRICT("Strict"),
        LAX("Lax"),
        NONE("None");

        private final String word;

        SameSite(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}
