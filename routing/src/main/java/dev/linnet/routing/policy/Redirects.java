package dev.linnet.routing.policy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a route sends clients instead of serving them (spec of ingress-nginx, §3.10).
 *
 * @param elsewhere every request
 * @param toHttps   requests that did not come over TLS, unless they go elsewhere anyway
 * @param relative  whether a path on the same host is told as a path, not as a whole URL
 * @param withPort  whether the redirect to HTTPS names the port
 */
public record Redirects(Optional<Elsewhere> elsewhere, Optional<ToHttps> toHttps, boolean relative, boolean withPort) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Nobody is sent anywhere. */
    public static final Redirects NONE = new Redirects(Optional.empty(), Optional.empty(), false, false);

    /** Where to, with which status. */
    public sealed interface Elsewhere {
        int status();

        /** To this URL, or to this path of the same host. */
        record ToUrl(int status, String url) implements Elsewhere {}

        /** To this path, always told as a whole URL. */
        record ToPath(int status, String path) implements Elsewhere {}

        /** To the same path of another host. */
        record ToHost(int status, String host) implements Elsewhere {}

        /**
         * To the same URL with parts replaced (Istio's redirect, spec §1.10).
         *
         * @param scheme as the client's if empty
         * @param host   likewise, without port
         * @param port   if empty the client's, as long as neither scheme nor host is another; 0 for the scheme's usual one
         * @param path   of the new URL, the query stays
         */
        record ToParts(
                int status, Optional<String> scheme, Optional<String> host, OptionalInt port, Optional<Rewrite> path)
                implements Elsewhere {}
    }

    /**
     * To the same URL over TLS.
     *
     * @param always     even if nobody knows of an HTTPS listener: TLS may end in front of the gateway
     * @param keepsSlash whether a slash at the very end stays
     */
    public record ToHttps(boolean always, int status, boolean keepsSlash) {}

    /**
     * What a client asked for, as it sent it.
     *
     * @param scheme {@code http} or {@code https}
     * @param host   the Host header
     * @param target path and query
     */
    public record Asked(String scheme, String host, String target) {
        /** Without port and trailing dot. */
        String hostName() {
            String name = colon() < 0 ? host : host.substring(0, colon());
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }

        /** The port that the client says it has used: the scheme's if it names none. */
        public int port() {
            int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
            try {
                return colon() < 0 || colon() + 1 == host.length()
                        ? usual
                        : Integer.parseInt(host.substring(colon() + 1));
            } catch (NumberFormatException _) {
                return usual;
            }
        }

        private int colon() {
            int colon = host.lastIndexOf(':');
            return colon > host.lastIndexOf(']') ? colon : -1;
        }

        private String targetWith(Rewrite path) {
            int query = target.indexOf('?');
            String before = query < 0 ? target : target.substring(0, query);
            return path.apply(before.getBytes(StandardCharsets.ISO_8859_1))
                    + (query < 0 ? "" : target.substring(query));
        }

        private String targetWithoutLastSlash() {
            return target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
        }
    }

    public String location(Elsewhere where, Asked asked) {
        return switch (where) {
            case Elsewhere.ToUrl(int _, String url) -> url.startsWith("/") ? onSameHost(asked, url) : url;
            case Elsewhere.ToPath(int _, String path) -> asked.scheme + "://" + asked.host + path;
            case Elsewhere.ToHost(int _, String name) ->
                asked.scheme + "://" + name + ":" + asked.port() + asked.targetWithoutLastSlash();
            case Elsewhere.ToParts parts -> location(parts, asked);
        };
    }

    /** A port that the client has named itself stays where nothing else is said. */
    private static String location(Elsewhere.ToParts parts, Asked asked) {
        String scheme = parts.scheme.orElse(asked.scheme);
        String named = asked.colon() < 0 ? "" : asked.host.substring(asked.colon());
        String kept = parts.host.isPresent() ? "" : named;
        String port = parts.port.isEmpty() ? kept : port(parts.port.getAsInt(), scheme, kept);
        String name = parts.host.orElseGet(asked::hostName);
        return scheme + "://" + name + port + parts.path.map(asked::targetWith).orElse(asked.target);
    }

    private static String port(int wanted, String scheme, String kept) {
        int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        boolean silent = wanted == 0 || wanted == usual;
        return silent ? (kept.equals(":" + wanted) ? kept : "") : ":" + wanted;
    }

    /** With the port that the client used: nginx leaves it out, which only works on the usual port. */
    public String onSameHost(Asked asked, String pathAndQuery) {
        return relative ? pathAndQuery : asked.scheme + "://" + asked.host + pathAndQuery;
    }

    /**
     * The same over TLS.
     *
     * @param port where the client finds it; told only where it is not the usual one, or somebody wants it told
     */
    public String location(ToHttps how, Asked asked, int port) {
        return "https://" + asked.hostName() + (withPort || port != HTTPS_PORT ? ":" + port : "")
                + (how.keepsSlash ? asked.target : asked.targetWithoutLastSlash());
    }

    public Redirects withElsewhere(Elsewhere where) {
        return new Redirects(Optional.of(where), toHttps, relative, withPort);
    }

    public Redirects withToHttps(Optional<ToHttps> how) {
        return new Redirects(elsewhere, how, relative, withPort);
    }
}
