package dev.linnet.samples.openresty;

import dev.linnet.samples.serving.Call;
import dev.linnet.samples.serving.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code server} block.
 *
 * @param names          of {@code server_name}, with nginx's wildcards
 * @param defaultFor     ports for which it is the default server
 */
record VirtualServer(Set<Integer> ports, Set<Integer> defaultFor, List<String> names, List<Location> locations) {

    /** A {@code location} block, or the server itself as the location of all paths. */
    record Location(boolean exact, String path, Answer answer) {
        boolean matches(String requested) {
            return exact ? requested.equals(path) : requested.startsWith(path);
        }
    }

    /** How well a host name fits, as nginx ranks names: 3 exact, 2 by suffix, 1 by prefix, 0 not at all. */
    int fit(String host) {
        return names.stream().mapToInt(name -> fit(name, host)).max().orElse(0);
    }

    /** An exact location wins, else the longest prefix. */
    Reply answer(Call call) {
        String path = call.path();
        Optional<Location> found = Optional.empty();
        for (Location location : locations) {
            if (location.matches(path)
                    && found.filter(best -> beats(best, location)).isEmpty()) {
                found = Optional.of(location);
            }
        }
        return found.map(location -> location.answer().to(call))
                .orElseGet(() -> Reply.of(404, "text/plain", "404 Not Found\n"));
    }

    private static boolean beats(Location best, Location other) {
        return best.exact()
                || (!other.exact() && best.path().length() >= other.path().length());
    }

    private static int fit(String name, String host) {
        if (name.equals(host)) {
            return 3;
        }
        if (name.startsWith("*.")) {
            return host.endsWith(name.substring(1)) ? 2 : 0;
        }
        if (name.startsWith(".")) {
            return host.endsWith(name) || host.equals(name.substring(1)) ? 2 : 0;
        }
        return name.endsWith(".*") && host.startsWith(name.substring(0, name.length() - 1)) ? 1 : 0;
    }
}
