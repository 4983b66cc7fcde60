package dev.linnet.gateway;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is in force right now. One writer (the feed) installs; every event loop reads once per request. Thread-safe.
 *
 * <p>Endpoints change more often than routes and on their own, so they have a shorter way.
 */
public final class LiveRoutes {
    private final Map<ServiceRef, List<Endpoint>> endpoints = new ConcurrentHashMap<>();
    private volatile RouteTable table = RouteTable.of(List.of());
    private volatile boolean installed;

    /** Puts a table in force. The first call makes the gateway ready: install only what is whole. */
    public void install(RouteTable table) {
        this.table = table;
        this.installed = true;
    }

    /**
     * Replaces the ready endpoints of some Services; others keep theirs.
     *
     * @param changed the complete new endpoints of each changed Service port, empty if it has none
     */
    public void endpoints(Map<ServiceRef, List<Endpoint>> changed) {
        changed.forEach((service, now) -> endpoints.put(service, List.copyOf(now)));
    }

    /** The table in force. */
    public RouteTable table() {
        return table;
    }

    /** The ready endpoints of a Service port, empty if it is not known. */
    public List<Endpoint> endpointsOf(ServiceRef service) {
        return endpoints.getOrDefault(service, List.of());
    }

    /** Whether a table was ever installed. */
    public boolean installed() {
        return installed;
    }
}
