package dev.linnet.loadtester;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps web pages out: a page in somebody's browser can send requests to addresses in a private network, and through a name that it points
 * there (DNS rebinding) even read the answers. Programs send no {@code Origin}.
 *
 * @param namespace the load tester's own
 */
record OwnName(Optional<String> namespace) {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern IN_CLUSTER =
            Pattern.compile("[A-Za-z0-9-]+\\.[A-Za-z0-9-]+\\.svc(\\.[A-Za-z0-9.-]+)?");

    /**
     * Whether the name in a {@code Host} header can be the load tester's: an address, a name without dots, a name of its namespace, or a
     * Service's full name.
     *
     * @param host without port
     */
    boolean isOwn(String host) {
        if (ADDRESS.matcher(host).matches()
                || LABEL.matcher(host).matches()
                || IN_CLUSTER.matcher(host).matches()) {
            return true;
        }
        return namespace
                .filter(own -> host.matches("[A-Za-z0-9-]+\\." + Pattern.quote(own)))
                .isPresent();
    }
}
