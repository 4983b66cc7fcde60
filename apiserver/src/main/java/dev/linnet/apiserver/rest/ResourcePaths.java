package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.access.Act;
import dev.linnet.apiserver.discovery.ServedKinds;
import dev.linnet.apiserver.discovery.ServedResource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the paths of resources: {@code /apis/apps/v1/namespaces/test/deployments/web/scale}. */
final class ResourcePaths {
    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    private final ServedKinds kinds;

    ResourcePaths(ServedKinds kinds) {
        this.kinds = kinds;
    }

    /** The parts of a path, whether or not such a resource is served. Absent parts are empty. */
    record Parts(String group, String version, String namespace, String plural, String name, String subresource) {

        /**
         * What is done there, in the terms of RBAC. A namespace lies in itself, so that a role in it can allow to read it.
         *
         * @param chosen the only object that a collection's call is about; empty for any
         */
        Act.OnResource act(String verb, String chosen) {
            boolean isNamespace = group.isEmpty() && plural.equals("namespaces") && namespace.isEmpty();
            // What follows a subresource, such as the path of a proxied request, is no business of access rules.
            String sub = subresource.split("/", 2)[0];
            return new Act.OnResource(
                    verb, group, plural, sub, isNamespace ? name : namespace, name.isEmpty() ? chosen : name);
        }
    }

    static Optional<Parts> parts(List<String> path) {
        if (path.size() >= 3 && path.getFirst().equals("api")) {
            return Optional.of(parts("", path.get(1), path.subList(2, path.size())));
        }
        if (path.size() >= 4 && path.getFirst().equals("apis")) {
            return Optional.of(parts(path.get(1), path.get(2), path.subList(3, path.size())));
        }
        return Optional.empty();
    }

    private static Parts parts(String group, String version, List<String> rest) {
        boolean withinNamespace = rest.size() >= 3
                && rest.getFirst().equals("namespaces")
                && !(group.isEmpty() && rest.size() == 3 && NAMESPACE_SUBRESOURCES.contains(rest.get(2)));
        String namespace = withinNamespace ? rest.get(1) : "";
        List<String> own = withinNamespace ? rest.subList(2, rest.size()) : rest;
        String name = own.size() > 1 ? own.get(1) : "";
        String subresource = own.size() > 2 ? String.join("/", own.subList(2, own.size())) : "";
        return new Parts(group, version, namespace, own.getFirst(), name, subresource);
    }

    Optional<Target> target(Parts parts) {
        return target(parts, kinds.find(parts.group(), parts.version(), parts.plural()));
    }

    /** What is measured when it is asked for, and not stored. */
    static Optional<Target> measured(Parts parts) {
        return target(parts, ServedKinds.measured(parts.group(), parts.version(), parts.plural()))
                .filter(target -> target.subresource().isEmpty());
    }

    private static Optional<Target> target(Parts parts, Optional<ServedResource> resource) {
        return resource.filter(found -> scopeFits(found, parts))
                .map(found -> new Target(found, parts.namespace(), parts.name(), parts.subresource()));
    }

    /** A namespaced object has no path outside its namespace; a list over all namespaces has. */
    private static boolean scopeFits(ServedResource resource, Parts parts) {
        return resource.kind().namespaced()
                ? !parts.namespace().isEmpty() || parts.name().isEmpty()
                : parts.namespace().isEmpty();
    }
}
