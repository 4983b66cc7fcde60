package dev.linnet.gateway.tls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is shown to whom: immutable, read once per handshake. A name is looked up exactly, then as a wildcard of one label, then the
 * default one is shown (spec of ingress-nginx, §5.7). Hosts lie in so many small maps that a change copies only those that it touches.
 */
public final class CertificateTable {
    private static final int MAPS = 1024;

    private final List<Map<String, ServerTls>> maps;
    private final ServerTls usual;

    private CertificateTable(List<Map<String, ServerTls>> maps, ServerTls usual) {
        this.maps = maps;
        this.usual = usual;
    }

    /** Whoever comes is shown this. */
    public static CertificateTable showing(ServerTls usual) {
        return new CertificateTable(Collections.nCopies(MAPS, Map.of()), usual);
    }

    /**
     * This table with some hosts changed.
     *
     * @param changed what each of them shows now; empty if nothing of its own any more
     */
    public CertificateTable with(Map<String, Optional<ServerTls>> changed) {
        Map<Integer, Map<String, ServerTls>> edited = new HashMap<>();
        changed.forEach((host, now) -> {
            Map<String, ServerTls> map = edited.computeIfAbsent(place(host), place -> new HashMap<>(maps.get(place)));
            now.ifPresentOrElse(tls -> map.put(host, tls), () -> map.remove(host));
        });
        List<Map<String, ServerTls>> after = new ArrayList<>(maps);
        edited.forEach((place, map) -> after.set(place, Map.copyOf(map)));
        return new CertificateTable(after, usual);
    }

    /** This table, where hosts without something of their own are shown something else. */
    public CertificateTable withUsual(ServerTls other) {
        return new CertificateTable(maps, other);
    }

    private static int place(String host) {
        return Math.floorMod(host.hashCode(), MAPS);
    }

    /** What each host shows that has something of its own, in alphabetical order. */
    Map<String, ServerTls> hosts() {
        Map<String, ServerTls> all = new TreeMap<>();
        maps.forEach(all::putAll);
        return all;
    }

    /** @param serverName as the client sent it (SNI), empty if it sent none */
    public ServerTls find(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        Optional<ServerTls> exact = of(name);
        if (exact.isPresent()) {
            return exact.get();
        }
        int dot = name.indexOf('.');
        Optional<ServerTls> wildcard = dot < 0 ? Optional.empty() : of("*" + name.substring(dot));
        return wildcard.or(() -> of("")).orElse(usual);
    }

    private Optional<ServerTls> of(String host) {
        return Optional.ofNullable(maps.get(place(host)).get(host));
    }
}
