package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.FollowedObject.Identity;
import dev.linnet.manifests.endpoints.EndpointResolver;
import dev.linnet.manifests.endpoints.EndpointResolver.Resolution;
import dev.linnet.manifests.endpoints.OutsideHost;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.endpoints.SliceReading;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Scheduler;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All Services and EndpointSlices, and the endpoints of those Service ports that routes lead to. A change costs what the one
 * Service costs. Used by one thread.
 */
final class EndpointIndex {
    private final Map<ServiceName, Followed> services = new HashMap<>();
    private final Map<ServiceName, Map<String, SliceReading>> slices = new HashMap<>();
    private final Map<Change.Key, ServiceName> serviceBySlice = new HashMap<>();
    private final Map<ServiceName, Map<ServiceRef, Integer>> uses = new HashMap<>();
    private final Map<ServiceRef, Resolution> resolutions = new HashMap<>();
    private final Map<ServiceRef, Set<String>> externals = new HashMap<>();
    private final Set<ServiceRef> dirty = new LinkedHashSet<>();
    private final Set<ServiceRef> unused = new LinkedHashSet<>();
    private final Set<ServiceName> touched = new LinkedHashSet<>();

    private Map<ServiceName, OutsideHost> hosts = Map.of();
    private final Map<ServiceName, ServiceName> twins = new HashMap<>();

    /** Services with a port at which HTTP/2 is spoken. */
    private final Set<ServiceName> http2 = new HashSet<>();

    private final Faults faults;
    private final Function<String, Map<String, String>> labels;

    /** @param labels of a Pod, by {@code namespace/name} */
    EndpointIndex(Faults faults, Function<String, Map<String, String>> labels) {
        this.faults = faults;
        this.labels = labels;
    }

    private record Followed(ServiceReading reading, Identity identity) {}

    void putService(ServiceName name, Optional<Service> now) {
        Optional<ServiceReading> before =
                Optional.ofNullable(services.get(name)).map(Followed::reading);
        Optional<Followed> after = now.map(service -> new Followed(ServiceReading.of(service), Identity.of(service)));
        after.ifPresentOrElse(followed -> services.put(name, followed), () -> services.remove(name));
        if (after.filter(followed -> followed.reading.ports().stream().anyMatch(ServiceReading.Port::http2))
                .isPresent()) {
            http2.add(name);
        } else {
            http2.remove(name);
        }
        if (!before.equals(after.map(Followed::reading))) {
            before.ifPresent(reading -> twins.remove(twinned(reading)));
            after.map(Followed::reading)
                    .filter(reading -> !reading.twinOf().isEmpty())
                    .ifPresent(reading -> twins.put(twinned(reading), name));
            markDirty(name);
            before.ifPresent(reading -> markDirty(twinned(reading)));
        }
    }

    /**
     * The hosts beside Services, all of them.
     *
     * @return those that are found elsewhere than before
     */
    Set<ServiceName> putHosts(Map<ServiceName, OutsideHost> now) {
        if (now.equals(hosts)) {
            return Set.of();
        }
        Set<ServiceName> different = Changed.keys(hosts, now);
        hosts = now;
        different.forEach(this::markDirty);
        return different;
    }

    private static ServiceName twinned(ServiceReading reading) {
        return new ServiceName(reading.name().namespace(), reading.twinOf());
    }

    /** Labels of Pods in this namespace have changed. */
    void podsChanged(String namespace) {
        uses.forEach((name, refs) -> {
            if (name.namespace().equals(namespace)) {
                refs.keySet().stream().filter(ref -> !ref.subset().isAll()).forEach(dirty::add);
            }
        });
    }

    /** The real ones of a Service that leads to gateways: those of its twin, as soon as that has any. */
    private Collection<SliceReading> slicesOf(ServiceName name) {
        Optional<Map<String, SliceReading>> ofTwin =
                Optional.ofNullable(twins.get(name)).map(twin -> slices.getOrDefault(twin, Map.of()));
        return ofTwin.filter(found -> !found.isEmpty())
                .orElseGet(() -> slices.getOrDefault(name, Map.of()))
                .values();
    }

    void putSlice(Change.Key key, Optional<EndpointSlice> now) {
        Optional<SliceReading> after = now.flatMap(SliceReading::of);
        Optional<SliceReading> before = Optional.ofNullable(serviceBySlice.get(key))
                .flatMap(service -> Optional.ofNullable(
                        slices.getOrDefault(service, Map.of()).get(key.name())));
        if (before.equals(after)) {
            return;
        }
        before.ifPresent(slice -> removeSlice(key, slice));
        after.ifPresent(slice -> {
            serviceBySlice.put(key, slice.service());
            slices.computeIfAbsent(slice.service(), _ -> new HashMap<>()).put(slice.name(), slice);
            markDirty(slice.service());
        });
    }

    private void removeSlice(Change.Key key, SliceReading slice) {
        serviceBySlice.remove(key);
        Map<String, SliceReading> ofService = slices.getOrDefault(slice.service(), new HashMap<>());
        ofService.remove(slice.name());
        if (ofService.isEmpty()) {
            slices.remove(slice.service());
        }
        markDirty(slice.service());
    }

    private void markDirty(ServiceName name) {
        dirty.addAll(uses.getOrDefault(name, Map.of()).keySet());
        Optional.ofNullable(services.get(name))
                .map(Followed::reading)
                .filter(reading -> !reading.twinOf().isEmpty())
                .ifPresent(twin ->
                        dirty.addAll(uses.getOrDefault(twinned(twin), Map.of()).keySet()));
    }

    /** Counts who leads where, so that only endpoints that somebody may need are worked out. */
    void rulesChanged(Collection<Rule> before, Collection<Rule> after) {
        after.stream().flatMap(EndpointIndex::backends).forEach(ref -> use(ref, 1));
        before.stream().flatMap(EndpointIndex::backends).forEach(ref -> use(ref, -1));
    }

    private static Stream<ServiceRef> backends(Rule rule) {
        Stream<ServiceRef> sides = Stream.concat(
                Stream.of(rule.primary()), rule.canaries().stream().map(CanarySide::backend));
        Stream<ServiceRef> asked =
                rule.policy().access().leave().stream().flatMap(leave -> leave.url().service().stream());
        Stream<ServiceRef> instead = rule.policy().relay().errors().backend().stream();
        Stream<ServiceRef> mirrors =
                rule.policy().relay().mirrors().stream().flatMap(mirror -> mirror.service().stream());
        return Stream.of(sides, asked, instead, mirrors).flatMap(refs -> refs);
    }

    private void use(ServiceRef ref, int more) {
        ServiceName name = ServiceName.of(ref);
        Map<ServiceRef, Integer> ofService = uses.computeIfAbsent(name, _ -> new HashMap<>());
        int count = ofService.merge(ref, more, Integer::sum);
        if (count == more && more > 0) {
            dirty.add(ref);
            unused.remove(ref);
        }
        if (count == 0) {
            ofService.remove(ref);
            unused.add(ref);
        }
        if (ofService.isEmpty()) {
            uses.remove(name);
        }
    }

    /** How many Pods are ready behind a Service, whichever port is meant. */
    int ready(ServiceName name) {
        return (int) slices.getOrDefault(name, Map.of()).values().stream()
                .flatMap(slice -> slice.ready().stream())
                .map(SliceReading.Address::ip)
                .distinct()
                .count();
    }

    /**
     * What is different about Service ports.
     *
     * @param endpoints  all endpoints of each that has others
     * @param schedulers how they are chosen, of each that says something else
     */
    record Changes(Map<ServiceRef, List<Endpoint>> endpoints, Map<ServiceRef, Scheduler> schedulers) {}

    /**
     * Works out what is dirty, and gives what is different now.
     *
     * @param names where addresses of names outside of the cluster are known, as far as they are
     */
    Changes resolve(Function<String, List<String>> names) {
        Changes changes = new Changes(new LinkedHashMap<>(), new LinkedHashMap<>());
        faults.eachOnce(dirty, "service", ref -> resolve(ref, names, changes));
        return changes;
    }

    private void resolve(ServiceRef ref, Function<String, List<String>> names, Changes changes) {
        if (ref.isHost()) {
            resolveHost(ref, names, changes);
            return;
        }
        ServiceName name = ServiceName.of(ref);
        Resolution all = EndpointResolver.resolve(
                ref, Optional.ofNullable(services.get(name)).map(Followed::reading), slicesOf(name));
        Resolution found =
                ref.subset().isAll() ? all : all.only(endpoint -> ref.subset().takes(labels.apply(endpoint.pod())));
        found.external()
                .ifPresentOrElse(external -> externals.put(ref, Set.of(external.host())), () -> externals.remove(ref));
        Resolution after = found.external()
                .map(external -> found.at(names.apply(external.host())))
                .orElse(found);
        note(ref, after, changes);
    }

    private void resolveHost(ServiceRef ref, Function<String, List<String>> names, Changes changes) {
        Optional<OutsideHost> host = Optional.ofNullable(hosts.get(ServiceName.of(ref)));
        externals.put(ref, host.map(OutsideHost::names).orElseGet(Set::of));
        List<Endpoint> found = host.map(one -> one.endpoints(ref, names)).orElseGet(List::of);
        Resolution after = new Resolution(found, Optional.empty(), Scheduler.RR, List.of());
        note(ref, after, changes);
    }

    private void note(ServiceRef ref, Resolution after, Changes changes) {
        Optional<Resolution> before = Optional.ofNullable(resolutions.put(ref, after));
        if (!before.map(Resolution::endpoints).equals(Optional.of(after.endpoints()))) {
            changes.endpoints.put(ref, after.endpoints());
        }
        if (!before.map(Resolution::scheduler).equals(Optional.of(after.scheduler()))) {
            changes.schedulers.put(ref, after.scheduler());
        }
        if (!before.map(Resolution::problems).orElseGet(List::of).equals(after.problems())) {
            touched.add(ServiceName.of(ref));
        }
    }

    /** The names outside of the cluster to which routes lead. */
    Set<String> names() {
        return externals.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** Other addresses have been found under this name. */
    void putName(String host) {
        externals.forEach((ref, names) -> {
            if (names.contains(host)) {
                dirty.add(ref);
            }
        });
    }

    /** Service ports to which no route leads any more: forget them once the table without them is in force. */
    Map<ServiceRef, List<Endpoint>> takeUnused() {
        Map<ServiceRef, List<Endpoint>> taken = new LinkedHashMap<>();
        for (ServiceRef ref : unused) {
            Optional.ofNullable(resolutions.remove(ref))
                    .filter(resolution -> !resolution.problems().isEmpty())
                    .ifPresent(_ -> touched.add(ServiceName.of(ref)));
            externals.remove(ref);
            taken.put(ref, List.of());
        }
        unused.clear();
        return taken;
    }

    /** The Services whose problems changed since the last call. */
    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>();
        touched.forEach(name -> taken.add(new ObjectRef("Service", name.namespace(), name.name())));
        touched.clear();
        return taken;
    }

    /** All Service ports that routes lead to. */
    Set<ServiceRef> used() {
        return uses.values().stream().flatMap(refs -> refs.keySet().stream()).collect(Collectors.toSet());
    }

    /** Those of them at which HTTP/2 is spoken. */
    Set<ServiceRef> usedOverHttp2() {
        return Stream.concat(http2.stream(), hosts.keySet().stream())
                .flatMap(name -> uses.getOrDefault(name, Map.of()).keySet().stream())
                .filter(ref -> port(ref).filter(ServiceReading.Port::http2).isPresent())
                .collect(Collectors.toSet());
    }

    /** The number of a port of a Service, as far as it is known. */
    OptionalInt number(ServiceRef ref) {
        return port(ref).stream().mapToInt(ServiceReading.Port::number).findFirst();
    }

    private Optional<ServiceReading.Port> port(ServiceRef ref) {
        return ref.isHost()
                ? Optional.ofNullable(hosts.get(ServiceName.of(ref))).flatMap(host -> host.port(ref.port()))
                : service(ServiceName.of(ref)).flatMap(reading -> reading.port(ref.port()));
    }

    Optional<ServiceReading> service(ServiceName name) {
        return Optional.ofNullable(services.get(name)).map(Followed::reading);
    }

    /** What a Service port that routes lead to lacks; empty if it can serve. */
    Optional<Lack> lack(ServiceRef ref) {
        if (!services.containsKey(ServiceName.of(ref)) && !hosts.containsKey(ServiceName.of(ref))) {
            return Optional.of(Lack.NO_SERVICE);
        }
        Resolution known = resolutions.get(ref);
        return known == null || known.endpoints().isEmpty() ? Optional.of(Lack.NO_ENDPOINT) : Optional.empty();
    }

    /** A Service with problems; empty for all others. */
    Optional<FollowedObject> followed(ObjectRef object) {
        ServiceName name = new ServiceName(object.namespace(), object.name());
        Set<Problem> problems = new HashSet<>();
        uses.getOrDefault(name, Map.of())
                .keySet()
                .forEach(ref -> Optional.ofNullable(resolutions.get(ref))
                        .ifPresent(resolution -> problems.addAll(resolution.problems())));
        return Optional.ofNullable(services.get(name))
                .filter(_ -> !problems.isEmpty())
                .map(service -> new FollowedObject(
                        object, service.identity(), FollowedObject.Status.NONE, List.copyOf(problems)));
    }
}
