package dev.linnet.gateway.feed;

import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.Scheduler;
import dev.linnet.routing.policy.TrafficPolicy;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is different, to be put in force in this order: secrets and TLS, endpoints, hosts, unused. What of it is not put in force is
 * owed, and later changes are added to it. Used by one thread.
 */
final class Update {
    private final Map<SecretRef, Optional<Secret<Map<String, byte[]>>>> secrets = new LinkedHashMap<>();
    private final Map<ServiceRef, List<Endpoint>> endpoints = new LinkedHashMap<>();
    private final Map<ServiceRef, Scheduler> schedulers = new LinkedHashMap<>();
    private final Map<ServiceRef, TrafficPolicy> policies = new LinkedHashMap<>();
    private final Map<String, List<Rule>> hosts = new LinkedHashMap<>();
    private final Map<ServiceRef, List<Endpoint>> unused = new LinkedHashMap<>();
    private final Map<ByteBuffer, Optional<Workload>> workloads = new LinkedHashMap<>();
    private final Map<String, Optional<Workload>> pods = new LinkedHashMap<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();
    private Optional<TlsTables> tls = Optional.empty();

    /** What is in each Secret that has changed; empty if there is nothing any more. */
    Map<SecretRef, Optional<Secret<Map<String, byte[]>>>> secrets() {
        return secrets;
    }

    /** All about TLS, if anything of it has changed. */
    Optional<TlsTables> tls() {
        return tls;
    }

    void secure(TlsTables tables) {
        tls = Optional.of(tables);
    }

    /** All endpoints of each Service port that has others than before, or that a route leads to for the first time. */
    Map<ServiceRef, List<Endpoint>> endpoints() {
        return endpoints;
    }

    /** How endpoints are chosen where routes do not say, of each Service port that says something else. */
    Map<ServiceRef, Scheduler> schedulers() {
        return schedulers;
    }

    /** What holds for all requests to each Service port for which it is something else. */
    Map<ServiceRef, TrafficPolicy> policies() {
        return policies;
    }

    /** All rules of each host that has others than before. */
    Map<String, List<Rule>> hosts() {
        return hosts;
    }

    /** Service ports to which no route leads any more, without endpoints. */
    Map<ServiceRef, List<Endpoint>> unused() {
        return unused;
    }

    /** Who has each address that has changed hands; empty if nobody has. */
    Map<ByteBuffer, Optional<Workload>> workloads() {
        return workloads;
    }

    /** Who each Pod is that is another one now, by {@code namespace/name}; empty if it is gone. */
    Map<String, Optional<Workload>> pods() {
        return pods;
    }

    /** Objects whose version or problems changed. */
    Set<ObjectRef> touched() {
        return touched;
    }

    /** Where routes lead now; what somebody leads to again is not unused any more. */
    void lead(
            Map<ServiceRef, List<Endpoint>> changed,
            Map<ServiceRef, Scheduler> otherSchedulers,
            Map<ServiceRef, List<Endpoint>> nowUnused) {
        endpoints.putAll(changed);
        schedulers.putAll(otherSchedulers);
        unused.keySet().removeAll(changed.keySet());
        unused.putAll(nowUnused);
    }
}
