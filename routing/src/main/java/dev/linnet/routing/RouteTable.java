package dev.linnet.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All routes in force: immutable, read once per request. */
public final class RouteTable {
    private final Map<String, List<Rule>> hosts;

    private RouteTable(Map<String, List<Rule>> hosts) {
        this.hosts = hosts;
    }

    /** Compiles all rules. Of two rules for the same host and path the first one wins. */
    public static RouteTable of(Collection<Rule> rules) {
        Map<String, List<Rule>> byHost = new LinkedHashMap<>();
        rules.forEach(rule ->
                byHost.computeIfAbsent(rule.host(), _ -> new ArrayList<>()).add(rule));
        return new RouteTable(byHost);
    }

    /**
     * This table with some hosts changed; the compiled tables of all others are shared.
     *
     * @param changedHosts the complete new rules of each changed host; an empty list removes the host
     */
    public RouteTable withHosts(Map<String, List<Rule>> changedHosts) {
        Map<String, List<Rule>> next = new LinkedHashMap<>(hosts);
        changedHosts.forEach((host, rules) -> {
            if (rules.isEmpty()) {
                next.remove(host);
            } else {
                next.put(host, List.copyOf(rules));
            }
        });
        return new RouteTable(next);
    }

    /** All rules, host by host. */
    public List<Rule> rules() {
        return hosts.values().stream().flatMap(List::stream).toList();
    }
}
