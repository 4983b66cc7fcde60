package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.FollowedObject.Identity;
import dev.linnet.gateway.feed.IngressIndex.HostChange;
import dev.linnet.manifests.Door;
import dev.linnet.manifests.endpoints.OutsideHost;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.manifests.istio.TrafficPolicies;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of Istio and what was made of them. A change reads all of them again, because each may have a say in what any other means;
 * only hosts whose rules are different now are passed on. Used by one thread.
 */
final class IstioIndex {
    private static final Logger log = LoggerFactory.getLogger(IstioIndex.class);

    private final Optional<String> mesh;
    private final SecretIndex secrets;
    private final Set<String> changedTls = new LinkedHashSet<>();
    private final Map<ObjectRef, Entry> entries = new HashMap<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();
    private Set<ServicePort> ports = Set.of();
    private Map<String, String> labels = Map.of();
    private Said said = Said.NOTHING;
    private boolean dirty;

    /** @param mesh the namespace that it serves inside of the cluster, at ports of Services, rather than anything from outside */
    IstioIndex(Optional<String> mesh, SecretIndex secrets) {
        this.mesh = mesh;
        this.secrets = secrets;
    }

    /** @param read the last version that could be read, and which one that was */
    private record Entry(IstioObject read, Identity identity, String version) {}

    /** What all objects say together. */
    private record Said(
            Map<String, List<Rule>> rules,
            Map<ObjectRef, List<Problem>> problems,
            Map<String, HostTls> tls,
            TrafficPolicies policies,
            Map<ServiceName, OutsideHost> hosts,
            Set<Door> doors) {
        static final Said NOTHING = outside(new IstioObjects(List.of()));

        static Said outside(IstioObjects objects) {
            return of(objects, objects.edge(), objects.tls(), objects.policies(Optional.empty()), objects.doors());
        }

        static Said inside(IstioObjects objects, String namespace, Set<ServicePort> ports) {
            return of(objects, objects.mesh(ports), Map.of(), objects.policies(Optional.of(namespace)), Set.of());
        }

        private static Said of(
                IstioObjects objects,
                IstioObjects.Compiled compiled,
                Map<String, HostTls> tls,
                TrafficPolicies policies,
                Set<Door> doors) {
            return new Said(
                    compiled.rules(),
                    compiled.problems().stream().collect(Collectors.groupingBy(Problem::object)),
                    tls,
                    policies,
                    objects.hosts(),
                    doors);
        }
    }

    void put(ObjectRef object, Optional<GenericKubernetesResource> now) {
        Optional<Entry> before = Optional.ofNullable(entries.get(object));
        Optional<Entry> after = now.flatMap(resource -> entry(resource, before));
        after.ifPresentOrElse(entry -> entries.put(object, entry), () -> entries.remove(object));
        touched.add(object);
        dirty |= !before.map(Entry::read).equals(after.map(Entry::read));
    }

    /** One object that we cannot read must not stop the others: its last good version stays. */
    private static Optional<Entry> entry(GenericKubernetesResource resource, Optional<Entry> before) {
        Identity identity = Identity.of(resource);
        try {
            IstioObject read = IstioObject.of(resource);
            if (before.filter(entry -> entry.read.equals(read)).isEmpty()) { // else it was tried then
                new IstioObjects(List.of(read)).edge();
            }
            return Optional.of(new Entry(read, identity, identity.resourceVersion()));
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("object", resource.getMetadata().getName())
                    .setCause(e)
                    .log("Object of Istio cannot be read");
            return before.map(entry -> new Entry(entry.read, identity, entry.version));
        }
    }

    /** By what Gateways may select it, beside what they always may. */
    void isLabelled(Map<String, String> now) {
        dirty |= !now.equals(labels);
        labels = now;
    }

    /** At which ports it serves inside. */
    void serve(Collection<ServicePort> wanted) {
        Set<ServicePort> now = Set.copyOf(wanted);
        dirty |= !now.equals(ports);
        ports = now;
    }

    /** Gives the hosts whose rules are different now. */
    List<HostChange> merge() {
        if (!dirty) {
            return List.of();
        }
        dirty = false;
        Said now;
        try {
            IstioObjects objects =
                    new IstioObjects(entries.values().stream().map(Entry::read).toList(), labels);
            now = mesh.map(namespace -> Said.inside(objects, namespace, ports)).orElseGet(() -> Said.outside(objects));
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("Objects of Istio cannot be understood, their last rules stay in force");
            return List.of();
        }
        return take(now);
    }

    private List<HostChange> take(Said now) {
        Said before = said;
        said = now;
        changedTls.addAll(Changed.keys(before.tls, now.tls));
        secrets.use(secretsOf(before.tls), secretsOf(now.tls));
        touched.addAll(before.problems.keySet());
        touched.addAll(now.problems.keySet());
        List<HostChange> changes = new ArrayList<>();
        for (String host : Changed.keys(before.rules, now.rules)) {
            List<Rule> was = before.rules.getOrDefault(host, List.of());
            if (!was.equals(rules(host))) { // a host without rules is as one that nobody names
                changes.add(new HostChange(host, was, rules(host)));
            }
        }
        return changes;
    }

    private static Map<ObjectRef, Set<SecretRef>> secretsOf(Map<String, HostTls> tls) {
        Map<ObjectRef, Set<SecretRef>> secrets = new HashMap<>();
        tls.values()
                .forEach(host -> host.certificates()
                        .ifPresent(said -> host.secrets()
                                .forEach(secret -> secrets.computeIfAbsent(said.source(), _ -> new LinkedHashSet<>())
                                        .add(secret))));
        return secrets;
    }

    /** What holds for all requests to Service ports. */
    TrafficPolicies policies() {
        return said.policies;
    }

    /** At which ports it serves beside the usual ones. */
    Set<Door> doors() {
        return said.doors;
    }

    /** The hosts beside Services to which rules may lead. */
    Map<ServiceName, OutsideHost> outside() {
        return said.hosts;
    }

    /** How a host is secured, if somebody says so. */
    Optional<HostTls> tls(String host) {
        return Optional.ofNullable(said.tls.get(host));
    }

    /** Hosts that are secured otherwise since the last call. */
    Set<String> takeTls() {
        Set<String> taken = new LinkedHashSet<>(changedTls);
        changedTls.clear();
        return taken;
    }

    /** The hosts that an object secures. */
    Set<String> hosts(ObjectRef object) {
        return said.tls.values().stream()
                .filter(host -> host.certificates()
                        .filter(found -> found.source().equals(object))
                        .isPresent())
                .map(HostTls::host)
                .collect(Collectors.toSet());
    }

    /** The rules of a host as they are now. */
    List<Rule> rules(String host) {
        return said.rules.getOrDefault(host, List.of());
    }

    /** The objects whose version or problems may have changed since the last call. */
    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    Optional<FollowedObject> followed(ObjectRef object) {
        return Optional.ofNullable(entries.get(object))
                .map(entry -> new FollowedObject(
                        object,
                        entry.identity,
                        FollowedObject.Status.NONE,
                        said.problems.getOrDefault(object, List.of())));
    }

    /** The version that is in force; empty if none is. */
    Optional<String> applied(ObjectRef object) {
        return Optional.ofNullable(entries.get(object)).map(Entry::version);
    }
}
