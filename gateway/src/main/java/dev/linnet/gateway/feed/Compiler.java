package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.IngressIndex.HostChange;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns changes of objects into changes of routes and endpoints, in proportion. Used by one thread. */
final class Compiler {
    private final IngressIndex ingresses;
    private final EndpointIndex endpoints = new EndpointIndex();

    Compiler(ClassSettings classes) {
        this.ingresses = new IngressIndex(classes);
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
            case Change.AllListed _ -> {}
        }
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
        return new Update(changed, hosts, unused, touched);
    }

    /** The object as it is obeyed; empty if it has no part in routing, or is a Service without problems. */
    Optional<FollowedObject> followed(ObjectRef object) {
        return object.kind().equals("Ingress") ? ingresses.followed(object) : endpoints.followed(object);
    }

    Optional<String> applied(ObjectRef object) {
        return ingresses.applied(object);
    }
}
