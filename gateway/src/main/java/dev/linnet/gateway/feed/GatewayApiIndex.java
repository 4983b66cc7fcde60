package dev.linnet.gateway.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.gateway.feed.FollowedObject.Identity;
import dev.linnet.gateway.feed.FollowedObject.StatusWish;
import dev.linnet.gateway.feed.IngressIndex.HostChange;
import dev.linnet.manifests.Door;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.gatewayapi.ClusterView;
import dev.linnet.manifests.gatewayapi.GatewayApi;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of Gateway API and what was made of them. A change of one, or of what they refer to, reads all of them again; only hosts whose
 * rules are different now are passed on. Used by one thread.
 */
final class GatewayApiIndex {
    private static final Logger log = LoggerFactory.getLogger(GatewayApiIndex.class);

    /** Who refers to the Secrets of all Gateways. */
    private static final ObjectRef USER = new ObjectRef(GatewayApiObject.GATEWAY, "", "");

    private final boolean mesh;
    private final SecretIndex secrets;
    private final ClusterView view;
    private final Map<ObjectRef, Entry> entries = new HashMap<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();
    private final Set<String> changedTls = new LinkedHashSet<>();
    private GatewayApi.Compiled compiled = GatewayApi.Compiled.NOTHING;
    private Map<ObjectRef, List<Problem>> problems = Map.of();
    private Set<ServicePort> ports = Set.of();
    private boolean dirty;

    /**
     * Knows nothing yet.
     *
     * @param mesh         whether it serves inside of the cluster, at ports of Services, rather than from outside
     * @param services     as they are now
     * @param certificates why nobody can be shown what is in a Secret; empty if it can be, or was not read yet
     */
    GatewayApiIndex(
            boolean mesh,
            SecretIndex secrets,
            Function<ServiceName, Optional<ServiceReading>> services,
            Function<SecretRef, Optional<String>> certificates) {
        this.mesh = mesh;
        this.secrets = secrets;
        this.view = new View(services, certificates);
    }

    /**
     * An object that exists.
     *
     * @param read    the last version that could be read, and which one that was
     * @param current what its status says
     */
    private record Entry(GatewayApiObject read, JsonNode current, Identity identity, String version) {}

    private final class View implements ClusterView {
        private final Function<ServiceName, Optional<ServiceReading>> services;
        private final Function<SecretRef, Optional<String>> certificates;

        View(
                Function<ServiceName, Optional<ServiceReading>> services,
                Function<SecretRef, Optional<String>> certificates) {
            this.services = services;
            this.certificates = certificates;
        }

        @Override
        public Optional<ServiceReading> service(ServiceName name) {
            return services.apply(name);
        }

        @Override
        public Map<String, String> labels(String namespace) {
            return namespaces.getOrDefault(namespace, Map.of());
        }

        @Override
        public Optional<String> objection(SecretRef certificate) {
            return certificates.apply(certificate);
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
    private Optional<Entry> entry(GenericKubernetesResource resource, Optional<Entry> before) {
        Identity identity = Identity.of(resource);
        JsonNode status = GatewayApiObject.statusOf(resource);
        try {
            GatewayApiObject read = GatewayApiObject.of(resource);
            if (before.filter(entry -> entry.read.equals(read)).isEmpty()) { // else it was tried then
                new GatewayApi(List.of(read)).edge(view);
            }
            return Optional.of(new Entry(read, status, identity, identity.resourceVersion()));
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("object", resource.getMetadata().getName())
                    .setCause(e)
                    .log("Object of Gateway API cannot be read");
            return before.map(entry -> new Entry(entry.read, status, identity, entry.version));
        }
    }

    /** At which ports it serves inside. */
    void serve(Collection<ServicePort> wanted) {
        Set<ServicePort> now = Set.copyOf(wanted);
        dirty |= !now.equals(ports);
        ports = now;
    }

    void putNamespace(String name, Optional<Namespace> now) {
        Optional<Map<String, String>> labels = now.map(
                namespace -> Objects.requireNonNullElse(namespace.getMetadata().getLabels(), Map.<String, String>of()));
        Optional<Map<String, String>> before = Optional.ofNullable(namespaces.get(name));
        labels.ifPresentOrElse(found -> namespaces.put(name, found), () -> namespaces.remove(name));
        dirty |= !entries.isEmpty() && !before.equals(labels);
    }

    void serviceChanged(ServiceName name) {
        dirty |= compiled.asked().services().contains(name);
    }

    void secretsChanged(Set<SecretRef> changed) {
        dirty |= changed.stream().anyMatch(compiled.asked().secrets()::contains);
    }

    /** Gives the hosts whose rules are different now. */
    List<HostChange> merge() {
        if (!dirty) {
            return List.of();
        }
        dirty = false;
        GatewayApi.Compiled before = compiled;
        try {
            GatewayApi objects =
                    new GatewayApi(entries.values().stream().map(Entry::read).toList());
            compiled = mesh ? objects.mesh(ports, view) : objects.edge(view);
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .log("Objects of Gateway API cannot be understood, their last rules stay in force");
            return List.of();
        }
        secrets.use(USER, before.asked().secrets(), compiled.asked().secrets());
        changedTls.addAll(Changed.keys(before.tls(), compiled.tls()));
        touched.addAll(Changed.keys(before.statuses(), compiled.statuses()));
        Map<ObjectRef, List<Problem>> found =
                compiled.problems().stream().collect(Collectors.groupingBy(Problem::object));
        touched.addAll(Changed.keys(problems, found));
        problems = found;
        List<HostChange> changes = new ArrayList<>();
        for (String host : Changed.keys(before.rules(), compiled.rules())) {
            changes.add(new HostChange(host, before.rules().getOrDefault(host, List.of()), rules(host)));
        }
        return changes;
    }

    /** The rules of a host as they are now. */
    List<Rule> rules(String host) {
        return compiled.rules().getOrDefault(host, List.of());
    }

    /** At which ports it serves beside the usual ones. */
    Set<Door> doors() {
        return compiled.doors();
    }

    Optional<HostTls> tls(String host) {
        return Optional.ofNullable(compiled.tls().get(host));
    }

    /** Hosts that are secured otherwise since the last call. */
    Set<String> takeTls() {
        Set<String> taken = new LinkedHashSet<>(changedTls);
        changedTls.clear();
        return taken;
    }

    /** Hosts of listeners over TLS. */
    Set<String> securedHosts() {
        return compiled.tls().keySet();
    }

    /** The objects whose version, status or problems may have changed since the last call. */
    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    /** The object as it is obeyed; empty if it is not ours. */
    Optional<FollowedObject> followed(ObjectRef object) {
        return Optional.ofNullable(entries.get(object))
                .flatMap(entry -> Optional.ofNullable(compiled.statuses().get(object))
                        .map(wanted -> new FollowedObject(
                                        object,
                                        entry.identity,
                                        FollowedObject.Status.NONE,
                                        problems.getOrDefault(object, List.of()))
                                .wishing(new StatusWish(wanted, entry.current))));
    }

    /** The version that is in force; empty if none is. */
    Optional<String> applied(ObjectRef object) {
        return Optional.ofNullable(entries.get(object)).map(Entry::version);
    }
}
