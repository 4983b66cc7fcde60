package dev.linnet.routing.policy;

import java.util.Optional;

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
        };
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
