package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All routes in force: immutable, read once per request. A host is looked up exactly, then as a wildcard of one label, then as one
 * of any number of them, then as any host (spec of ingress-nginx, §5.1; of Istio, §1.7); its path exactly, then by the longest prefix (§5.2).
 */
public final class RouteTable {
    private final HostIndex hosts;
    private final @Nullable HostRoutes anyHost;
    private final Optional<Route> otherwise;

    private RouteTable(HostIndex hosts, @Nullable HostRoutes anyHost, Optional<Route> otherwise) {
        this.hosts = hosts;
        this.anyHost = anyHost;
        this.otherwise = otherwise;
    }

    /** Compiles all rules. Of two rules for the same host and path the first one wins. */
    public static RouteTable of(Collection<Rule> rules) {
        Map<String, List<Rule>> byHost = new LinkedHashMap<>();
        rules.forEach(rule ->
                byHost.computeIfAbsent(rule.host(), _ -> new ArrayList<>()).add(rule));
        return new RouteTable(HostIndex.empty(), null, Optional.empty()).withHosts(byHost);
    }

    /**
     * This table with some hosts changed; the compiled tables of all others are shared.
     *
     * @param changedHosts the complete new rules of each changed host; an empty list removes the host
     */
    public RouteTable withHosts(Map<String, List<Rule>> changedHosts) {
        HostIndex.Edit edit = hosts.edit(changedHosts.size());
        HostRoutes any = anyHost;
        for (Map.Entry<String, List<Rule>> change : changedHosts.entrySet()) {
            if (!change.getKey().isEmpty()) {
                edit.replace(change.getKey(), change.getValue());
            } else {
                any = change.getValue().isEmpty() ? null : new HostRoutes("", change.getValue());
            }
        }
        return new RouteTable(edit.build(), any, otherwise);
    }

    /** This table with a rule for whatever no other rule is for: neither host nor path of it count. */
    public RouteTable otherwise(Optional<Rule> rule) {
        return new RouteTable(hosts, anyHost, rule.map(Route::new));
    }

    /** What is done with whatever no other rule is for, if anything. */
    public Optional<Route> otherwise() {
        return otherwise;
    }

    /** All rules, ordered by host. */
    public List<Rule> rules() {
        Stream<HostRoutes> any = Stream.ofNullable(anyHost);
        return Stream.concat(any, hosts.all().sorted(Comparator.comparing(HostRoutes::host)))
                .flatMap(host -> host.rules().stream())
                .toList();
    }

    /** Finds the route by host and path. */
    public Match find(RequestView request) {
        return find(request, Trace.OFF);
    }

    Match find(RequestView request, Trace trace) {
        HostRoutes host = host(request);
        if (host == null) {
            trace.noHost();
            return orElse(Match.Unmatched.NO_HOST);
        }
        trace.host(host.host());
        Match match = isMisdirected(request, host) ? Match.Unmatched.MISDIRECTED : orElse(host.find(request));
        trace.match(match);
        return match;
    }

    private Match orElse(Match found) {
        return found instanceof Match.Unmatched && otherwise.isPresent() ? otherwise.get() : found;
    }

    /** Whether the host that the client has named in its handshake belongs to another listener. Who has named none is not held to it. */
    private boolean isMisdirected(RequestView request, HostRoutes host) {
        byte[] named = request.serverName();
        if (named.length == 0
                || host.listener().isEmpty()
                || Bytes.equalIgnoringCase(named, request.bytes(), request.hostStart(), request.hostEnd())) {
            return false;
        }
        HostRoutes shown = host(request.listenerHost(), named, 0, named.length);
        return shown != null && !shown.listener().isEmpty() && !shown.listener().equals(host.listener());
    }

    @Nullable
    HostRoutes host(RequestView request) {
        return host(request.listenerHost(), request.bytes(), request.hostStart(), request.hostEnd());
    }

    private @Nullable HostRoutes host(byte[] listener, byte[] bytes, int start, int end) {
        if (listener.length > 0) {
            return listener[0] == ':' ? hostAt(listener, bytes, start, end) : hosts.exact(listener, 0, listener.length);
        }
        if (start == end) {
            return anyHost;
        }
        HostRoutes found = hosts.find(bytes, start, end);
        return found == null ? anyHost : found;
    }

    /** Among the hosts of one port, all of which end with it. */
    private @Nullable HostRoutes hostAt(byte[] port, byte[] bytes, int start, int end) {
        int length = end - start;
        byte[] name = new byte[length + port.length];
        System.arraycopy(bytes, start, name, 0, length);
        System.arraycopy(port, 0, name, length, port.length);
        HostRoutes found = length == 0 ? null : hosts.find(name, 0, name.length);
        return found == null ? hosts.exact(port, 0, port.length) : found;
    }

    /** Whether rules name this host, by itself or as one label below a wildcard. */
    public boolean knowsHost(String name) {
        boolean dot = name.endsWith(".");
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int end = dot ? bytes.length - 1 : bytes.length;
        return hosts.find(bytes, 0, end) != null;
    }

    /** Says which side a request would meet, step by step, and why not the others: by the very algorithm that serves. */
    public Explanation explain(TextRequest request, Availability available, RandomGenerator random) {
        return new Explainer(this, request, available).explain(random);
    }
}
