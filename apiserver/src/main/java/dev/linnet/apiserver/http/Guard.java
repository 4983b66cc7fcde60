package dev.linnet.apiserver.http;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses what a web page in the user's browser could send: a foreign host name that resolves to us, any origin but our
 * own (where no pages are), any cross-site fetch. Clients of the Kubernetes API send none of these; fabric8's watches name
 * our own origin.
 */
final class Guard {
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Set<String> NAMES = Set.of(
            "localhost",
            "[::1]",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local");

    private final Set<String> ownHosts;

    /** @param ownHosts names and addresses beside loopback under which the server was told to listen */
    Guard(Set<String> ownHosts) {
        this.ownHosts = Set.copyOf(ownHosts);
    }

    /** Each parameter is the header's value, empty when absent. */
    void admit(String host, String origin, String fetchSite) {
        if (!origin.isEmpty() && !origin.equalsIgnoreCase("https://" + host)) {
            throw forbidden("requests from web pages are refused (Origin " + origin + ")");
        }
        if (fetchSite.equals("cross-site")) {
            throw forbidden("cross-site requests are refused");
        }
        if (!known(withoutPort(host).toLowerCase(Locale.ROOT))) {
            throw forbidden("host \"" + host
                    + "\" is not this server (expected: localhost, a loopback address, or kubernetes.default.svc)");
        }
    }

    private boolean known(String host) {
        return NAMES.contains(host) || LOOPBACK.matcher(host).matches() || ownHosts.contains(host);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static ApiFailure forbidden(String message) {
        return ApiFailure.of(403, "Forbidden", message);
    }
}
