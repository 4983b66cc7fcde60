package dev.linnet.manifests.mesh;

import io.fabric8.kubernetes.api.model.Service;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * At which port of a gateway each port of a Service is served, so that the Host header plays no part. What was given out stays: a
 * ConfigMap keeps it, {@code backend.80: "15001"}.
 */
public final class MeshPort {
    static final int FIRST = 15_100;
    static final int LAST = 19_999;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{5}");

    private MeshPort() {}

    /** Whether a port is one of those that are given out. */
    static boolean isOne(int port) {
        return port >= FIRST && port <= LAST;
    }

    private static boolean isOne(String port) {
        return NUMBER.matcher(port).matches() && isOne(Integer.parseInt(port));
    }

    /**
     * Gives ports out. In the place of what is none, and so was put there by somebody else, comes one.
     *
     * @param before what was given out before
     * @throws IllegalStateException if there are more ports than can be
     */
    public static Map<String, String> allocate(Map<String, String> before, Collection<Service> services) {
        Map<String, String> now = new TreeMap<>();
        Set<String> used = new HashSet<>();
        Set<String> keys = new HashSet<>();
        services.forEach(service -> service.getSpec()
                .getPorts()
                .forEach(port -> keys.add(key(service.getMetadata().getName(), port.getPort()))));
        before.forEach((key, port) -> {
            if (keys.contains(key) && isOne(port) && used.add(port)) {
                now.put(key, port);
            }
        });
        int next = FIRST;
        for (String key : keys.stream().sorted().toList()) {
            while (!now.containsKey(key) && used.contains(String.valueOf(next))) {
                next++;
            }
            if (next > LAST) {
                throw new IllegalStateException("ports of Services are more than " + (LAST - FIRST + 1));
            }
            if (!now.containsKey(key)) {
                now.put(key, String.valueOf(next));
                used.add(String.valueOf(next));
            }
        }
        return now;
    }

    /** Where the ports of a Service are served. */
    public static Map<Integer, Integer> of(String service, Map<String, String> allocated) {
        Map<Integer, Integer> ports = new HashMap<>();
        allocated.forEach((key, port) -> {
            int dot = key.lastIndexOf('.');
            if (dot > 0 && key.substring(0, dot).equals(service)) {
                ports.put(Integer.parseInt(key.substring(dot + 1)), Integer.parseInt(port));
            }
        });
        return ports;
    }

    private static String key(String service, int port) {
        return service + "." + port;
    }
}
