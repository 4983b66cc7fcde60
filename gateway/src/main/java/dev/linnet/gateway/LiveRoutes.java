package dev.linnet.gateway;

import dev.linnet.gateway.exchange.LiveEndpoints;
import dev.linnet.gateway.exchange.Routing;
import dev.linnet.gateway.ops.Watched;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What is in force right now. One writer (the feed) installs; every event loop reads once per request. Thread-safe.
 *
 * <p>Endpoints change more often than routes and on their own, so they have a shorter way: one volatile write per Service.
 */
public final class LiveRoutes implements Routing, Watched {
    private final Map<ServiceRef, LiveEndpoints> endpoints = new ConcurrentHashMap<>();
    private final List<Consumer<Collection<Endpoint>>> whenGone = new CopyOnWriteArrayList<>();
    private volatile RouteTable table = RouteTable.of(List.of());
    private volatile boolean installed;
    private volatile Map<String, String> applied = Map.of();

    /** Puts a table in force. The first call makes the gateway ready: install only what is whole. */
    public void install(RouteTable table) {
        this.table = table;
        this.installed = true;
    }

    /**
     * Shows in the numbers from which versions of objects the table in force was compiled.
     *
     * @param view {@code kind/ns/name} to resourceVersion: a live view, in which a version appears once it is in force
     */
    public void showApplied(Map<String, String> view) {
        this.applied = view;
    }

    /**
     * Replaces the ready endpoints of some Services; others keep theirs.
     *
     * @param changed the complete new endpoints of each changed Service port, empty if it has none
     */
    public void endpoints(Map<ServiceRef, List<Endpoint>> changed) {
        changed.forEach((service, now) -> {
            LiveEndpoints live = endpoints(service);
            Set<Endpoint> gone = live.ready().stream().collect(Collectors.toSet());
            live.replace(now);
            now.forEach(gone::remove);
            if (!gone.isEmpty()) {
                whenGone.forEach(listener -> listener.accept(gone));
            }
        });
    }

    /** The table in force. */
    @Override
    public RouteTable table() {
        return table;
    }

    @Override
    public LiveEndpoints endpoints(ServiceRef service) {
        return endpoints.computeIfAbsent(service, _ -> new LiveEndpoints());
    }

    /** The ready endpoints of a Service port, empty if it is not known. */
    @Override
    public List<Endpoint> endpointsOf(ServiceRef service) {
        LiveEndpoints live = endpoints.get(service);
        return live == null ? List.of() : live.ready();
    }

    /** Whether a table was ever installed. */
    @Override
    public boolean installed() {
        return installed;
    }

    /** The versions of the objects that the table in force was compiled from. */
    @Override
    public Map<String, String> applied() {
        return applied;
    }

    /** Calls with endpoints that a Service has no longer, until the answer is run. */
    Runnable whenGone(Consumer<Collection<Endpoint>> listener) {
        whenGone.add(listener);
        return () -> whenGone.remove(listener);
    }
}
