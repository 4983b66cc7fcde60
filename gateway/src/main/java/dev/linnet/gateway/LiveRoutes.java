package dev.linnet.gateway;

import dev.linnet.gateway.balance.Loads;
import dev.linnet.gateway.exchange.LiveEndpoints;
import dev.linnet.gateway.exchange.Routing;
import dev.linnet.gateway.ops.Watched;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Scheduler;
import dev.linnet.routing.policy.TrafficPolicy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is in force right now. One writer (the feed) installs; every event loop reads once per request. Thread-safe.
 *
 * <p>Endpoints change more often than routes and on their own, so they have a shorter way: one volatile write per Service.
 */
public final class LiveRoutes implements Routing, Watched {
    private final Map<ServiceRef, LiveEndpoints> endpoints = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, Workload> workloads = new ConcurrentHashMap<>();
    private final Map<String, Workload> pods = new ConcurrentHashMap<>();
    private final Loads loads = new Loads();
    private final CopyOnWriteArrayList<LiveEndpoints> watched = new CopyOnWriteArrayList<>();
    private final List<Consumer<Collection<Endpoint>>> whenGone = new CopyOnWriteArrayList<>();
    private final List<Consumer<GlobalPolicy>> whenTold = new CopyOnWriteArrayList<>();
    private volatile int readyGateways = 1;
    private volatile CallerOptions callers = CallerOptions.DEFAULT;
    private volatile Changes changes = Changes.NONE;
    private volatile Supplier<List<Problem>> problems = List::of;
    private volatile InForce inForce = new InForce(RouteTable.of(List.of()), GlobalPolicy.DEFAULT, Map.of(), false);
    private final Map<SecretRef, Secret<Map<String, byte[]>>> secrets = new ConcurrentHashMap<>();
    private volatile TlsTables tls = TlsTables.FAKE;

    private record InForce(RouteTable table, GlobalPolicy policy, Map<String, String> applied, boolean installed) {}

    /** Puts a table in force. The first call makes the gateway ready: install only what is whole. */
    public void install(RouteTable table) {
        install(table, Map.of());
    }

    /** Puts a table in force, and leaves what holds for all routes as it is. */
    public void install(RouteTable table, Map<String, String> applied) {
        inForce = new InForce(table, inForce.policy, applied, true);
        changes = changes.succeeded(Instant.now());
    }

    /**
     * Puts a table in force.
     *
     * @param policy  what holds for all routes
     * @param applied the versions of the objects that it was compiled from: {@code kind/ns/name} to resourceVersion. Not copied:
     *                it may go on changing, but must never run ahead of the table
     */
    public void install(RouteTable table, GlobalPolicy policy, Map<String, String> applied) {
        callers = policy.callers();
        inForce = new InForce(table, policy, applied, true);
        whenTold.forEach(listener -> listener.accept(policy));
        changes = changes.succeeded(Instant.now());
    }

    /**
     * Replaces the ready endpoints of some Services; others keep theirs.
     *
     * @param changed the complete new endpoints of each changed Service port, empty if it has none
     */
    public synchronized void endpoints(Map<ServiceRef, List<Endpoint>> changed) {
        changed.forEach((service, now) -> {
            LiveEndpoints live = endpoints(service);
            Set<Endpoint> gone = live.all().stream().collect(Collectors.toSet());
            live.replace(now, loads);
            now.forEach(gone::remove);
            if (!gone.isEmpty()) {
                whenGone.forEach(listener -> listener.accept(gone));
            }
        });
    }

    /** The requests that an endpoint is busy with, of those whose balancer counts. */
    int inFlight(Endpoint endpoint) {
        return loads.inFlight(endpoint);
    }

    /** How endpoints of some Services are chosen where a route does not say; others keep theirs. */
    public void schedulers(Map<ServiceRef, Scheduler> changed) {
        changed.forEach((service, scheduler) -> endpoints(service).schedule(scheduler));
    }

    /** What holds for all requests to some Services; others keep theirs. */
    public void policies(Map<ServiceRef, TrafficPolicy> changed) {
        changed.forEach((service, policy) -> {
            LiveEndpoints live = endpoints(service);
            live.obey(policy);
            if (policy.outliers().isPresent()) {
                watched.addIfAbsent(live);
            } else {
                watched.remove(live);
            }
        });
    }

    @Override
    public void settle(long nanoTime) {
        for (LiveEndpoints live : watched) {
            live.settle(nanoTime);
        }
    }

    /** Puts other certificates in force: handshakes that begin from now on see them. */
    public void secure(TlsTables tables) {
        tls = tables;
    }

    @Override
    public TlsTables tls() {
        return tls;
    }

    /** @param now what is in it; empty if nobody may know any more */
    public void secret(SecretRef ref, Optional<Secret<Map<String, byte[]>>> now) {
        now.ifPresentOrElse(data -> secrets.put(ref, data), () -> secrets.remove(ref));
    }

    @Override
    public Optional<Secret<Map<String, byte[]>>> secret(SecretRef ref) {
        return Optional.ofNullable(secrets.get(ref));
    }

    /**
     * Replaces who has some addresses; others keep theirs.
     *
     * @param changed by address, 4 or 16 bytes; empty if nobody has it, or several
     */
    public void workloads(Map<ByteBuffer, Optional<Workload>> changed) {
        changed.forEach((address, now) ->
                now.ifPresentOrElse(workload -> workloads.put(address, workload), () -> workloads.remove(address)));
    }

    /** Replaces who some Pods are, by {@code namespace/name}; empty if one is gone. Others stay. */
    public void pods(Map<String, Optional<Workload>> changed) {
        changed.forEach(
                (name, now) -> now.ifPresentOrElse(workload -> pods.put(name, workload), () -> pods.remove(name)));
    }

    @Override
    public boolean knowsPods() {
        return !pods.isEmpty();
    }

    @Override
    public Workload pod(String name) {
        Workload known = pods.get(name);
        return known == null ? Workload.UNKNOWN : known;
    }

    @Override
    public Workload workload(byte[] address) {
        if (workloads.isEmpty()) {
            return Workload.UNKNOWN;
        }
        Workload known = workloads.get(ByteBuffer.wrap(address));
        return known == null ? Workload.UNKNOWN : known;
    }

    /** No table could be made of what the cluster says. The last one stays in force. */
    public void failed() {
        changes = changes.failed();
    }

    @Override
    public Changes changes() {
        return changes;
    }

    /** The table in force. */
    @Override
    public RouteTable table() {
        return inForce.table;
    }

    /** Replaces whose word is taken for who a client is. */
    public void callers(CallerOptions options) {
        callers = options;
    }

    @Override
    public CallerOptions callers() {
        return callers;
    }

    /** How many gateways are ready, this one included: they share limits that are meant for all. */
    public void readyGateways(int count) {
        readyGateways = Math.max(1, count);
    }

    /** At least 1. */
    public int readyGateways() {
        return readyGateways;
    }

    @Override
    public GlobalPolicy policy() {
        return inForce.policy;
    }

    @Override
    public LiveEndpoints endpoints(ServiceRef service) {
        LiveEndpoints known = endpoints.get(service); // computeIfAbsent may lock, and event loops come here
        return known == null ? endpoints.computeIfAbsent(service, _ -> new LiveEndpoints(service)) : known;
    }

    /** The ready endpoints of a Service port, empty if it is not known. */
    @Override
    public List<Endpoint> endpointsOf(ServiceRef service) {
        LiveEndpoints live = endpoints.get(service);
        return live == null ? List.of() : live.ready();
    }

    @Override
    public TrafficPolicy policyOf(ServiceRef service) {
        LiveEndpoints live = endpoints.get(service);
        return live == null ? TrafficPolicy.NONE : live.policy();
    }

    /** Whether a table was ever installed. */
    @Override
    public boolean installed() {
        return inForce.installed;
    }

    /** The versions of the objects that the table in force was compiled from. */
    @Override
    public Map<String, String> applied() {
        return inForce.applied;
    }

    /** Calls with what holds for all routes, from now on each time that a table comes with it. */
    void whenTold(Consumer<GlobalPolicy> listener) {
        whenTold.add(listener);
    }

    /** What is wrong with that is asked here from now on, whenever somebody wants to know. */
    public void problemsAreKnownBy(Supplier<List<Problem>> knowing) {
        problems = knowing;
    }

    @Override
    public List<Problem> problems() {
        return problems.get();
    }

    /** Calls with endpoints that a Service has no longer, until the answer is run. */
    Runnable whenGone(Consumer<Collection<Endpoint>> listener) {
        whenGone.add(listener);
        return () -> whenGone.remove(listener);
    }
}
