package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.IngressIndex.HostChange;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.GlobalOptions;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.GlobalPolicy;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns changes of objects into changes of routes and endpoints, in proportion. Used by one thread. */
final class Compiler {
    private final ConfigMapIndex configMaps;
    private final IngressIndex ingresses;
    private final EndpointIndex endpoints = new EndpointIndex();
    private final Set<ObjectRef> touchedConfigMaps = new LinkedHashSet<>();

    Compiler(ClassSettings classes) {
        this(FeedSettings.of(classes));
    }

    Compiler(FeedSettings settings) {
        this.configMaps = new ConfigMapIndex(settings.configMap());
        this.ingresses = new IngressIndex(settings.classes(), configMaps);
        settings.defaultBackend().ifPresent(backend -> endpoints.rulesChanged(List.of(), List.of(otherwise(backend))));
    }

    /** What is done with requests that no other rule is for. */
    static Rule otherwise(ServiceRef backend) {
        return new Rule(
                "",
                new PathMatch.Prefix("/"),
                backend,
                List.of(),
                new ObjectRef("Service", backend.namespace(), backend.name()),
                Rule.Limits.DEFAULT);
    }

    /**
     * What is different, to be put in force in this order: endpoints, hosts, unused.
     *
     * @param endpoints all endpoints of each Service port that has others than before, or that a route leads to for the first time
     * @param hosts     all rules of each host that has others than before
     * @param unused    Service ports to which no route leads any more, without endpoints
     * @param touched   objects whose version or problems changed
     */
    record Update(
            Map<ServiceRef, List<Endpoint>> endpoints,
            Map<String, List<Rule>> hosts,
            Map<ServiceRef, List<Endpoint>> unused,
            Set<ObjectRef> touched) {}

    void take(Change change) {
        Change.Key key = change.key();
        switch (change) {
            case Change.OfIngress ingress ->
                ingresses.put(new ObjectRef("Ingress", key.namespace(), key.name()), ingress.now());
            case Change.OfIngressClass ingressClass -> ingresses.putClass(key.name(), ingressClass.now());
            case Change.OfService service ->
                endpoints.putService(new ServiceName(key.namespace(), key.name()), service.now());
            case Change.OfEndpointSlice slice -> endpoints.putSlice(key, slice.now());
            case Change.OfConfigMap configMap ->
                take(new ObjectRef("ConfigMap", key.namespace(), key.name()), configMap.now());
            case Change.AllListed _ -> {}
        }
    }

    private void take(ObjectRef object, Optional<ConfigMap> now) {
        GlobalOptions before = configMaps.options();
        boolean different = configMaps.put(object, now);
        touchedConfigMaps.add(object);
        if (!before.equals(configMaps.options())) {
            ingresses.optionsChanged();
        } else if (different) {
            ingresses.configMapChanged(object);
        }
    }

    /** The ConfigMaps that somebody names, beside the one of global options. */
    Set<ObjectRef> named() {
        Set<ObjectRef> named = new HashSet<>(ingresses.references());
        named.addAll(configMaps.references());
        configMaps.keep(named);
        named.removeIf(configMaps::isGlobal);
        return named;
    }

    GlobalPolicy policy() {
        return configMaps.options().gateway();
    }

    Update compile() {
        Map<String, List<Rule>> hosts = new LinkedHashMap<>();
        for (HostChange change : ingresses.merge()) {
            hosts.put(change.host(), change.after());
            endpoints.rulesChanged(change.before(), change.after());
        }
        Map<ServiceRef, List<Endpoint>> changed = endpoints.resolve();
        Map<ServiceRef, List<Endpoint>> unused = endpoints.takeUnused();
        Set<ObjectRef> touched = new LinkedHashSet<>(ingresses.takeTouched());
        touched.addAll(endpoints.takeTouched());
        touched.addAll(touchedConfigMaps);
        touchedConfigMaps.clear();
        return new Update(changed, hosts, unused, touched);
    }

    /** The object as it is obeyed; empty if it has no part in routing, or is a Service without problems. */
    Optional<FollowedObject> followed(ObjectRef object) {
        return switch (object.kind()) {
            case "Ingress" -> ingresses.followed(object);
            case "ConfigMap" -> configMaps.followed(object);
            default -> endpoints.followed(object);
        };
    }

    Optional<String> applied(ObjectRef object) {
        return object.kind().equals("ConfigMap") ? configMaps.applied(object) : ingresses.applied(object);
    }
}
