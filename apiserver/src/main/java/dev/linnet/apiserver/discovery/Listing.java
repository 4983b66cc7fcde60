package dev.linnet.apiserver.discovery;

import dev.linnet.apiserver.kinds.ResourceKind;
import java.util.ArrayList;
import java.util.List;

/** One resource as discovery documents show it. */
public record Listing(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        List<String> verbs,
        List<String> shortNames,
        List<String> categories,
        List<Sub> subresources) {

    static final List<String> ALL_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> CHANGE_VERBS = List.of("get", "patch", "update");
    private static final List<String> CREATE = List.of("create");
    private static final List<String> READ = List.of("get", "list");
    private static final List<String> CONNECT = List.of("create", "get");
    private static final List<String> PROXY = List.of("create", "delete", "get", "patch", "update");

    /** A subresource; its body may be of another kind than its parent's. */
    public record Sub(String name, String group, String version, String kind, List<String> verbs) {}

    /** The listing of an API that only answers questions, such as access reviews. */
    static Listing question(String group, String plural, String singular, String kind, boolean namespaced) {
        return new Listing(group, "v1", plural, singular, kind, namespaced, CREATE, List.of(), List.of(), List.of());
    }

    /** The listing of what is measured when somebody asks, and can only be read. */
    static Listing measured(ResourceKind kind) {
        return new Listing(
                kind.group(),
                kind.version(),
                kind.plural(),
                kind.singular(),
                kind.kind(),
                kind.namespaced(),
                READ,
                List.of(),
                List.of(),
                List.of());
    }

    static Listing of(ServedResource resource) {
        ResourceKind kind = resource.kind();
        boolean namespaces = kind.qualifiedPlural().equals("namespaces");
        List<String> verbs = namespaces
                ? ALL_VERBS.stream()
                        .filter(verb -> !verb.equals("deletecollection"))
                        .toList()
                : ALL_VERBS;
        // In a second group the same short name would be ambiguous, and clients warn of that.
        boolean home = resource.group().equals(kind.group());
        return new Listing(
                resource.group(),
                resource.version(),
                kind.plural(),
                kind.singular(),
                kind.kind(),
                kind.namespaced(),
                verbs,
                home ? kind.shortNames() : List.of(),
                home ? kind.categories() : List.of(),
                subresources(resource));
    }

    private static List<Sub> subresources(ServedResource resource) {
        ResourceKind kind = resource.kind();
        List<Sub> subs = new ArrayList<>();
        if (kind.scale().isPresent()) {
            subs.add(new Sub("scale", "autoscaling", "v1", "Scale", CHANGE_VERBS));
        }
        if (kind.statusSubresource()) {
            subs.add(own(resource, "status", CHANGE_VERBS));
        }
        switch (kind.qualifiedPlural()) {
            case "namespaces" -> subs.add(own(resource, "finalize", List.of("update")));
            case "serviceaccounts" -> subs.add(new Sub("token", "authentication.k8s.io", "v1", "TokenRequest", CREATE));
            case "pods" -> {
                subs.add(new Sub("attach", "", "v1", "PodAttachOptions", CONNECT));
                subs.add(new Sub("binding", "", "v1", "Binding", CREATE));
                subs.add(new Sub("eviction", "policy", "v1", "Eviction", CREATE));
                subs.add(new Sub("exec", "", "v1", "PodExecOptions", CONNECT));
                subs.add(own(resource, "log", List.of("get")));
                subs.add(new Sub("portforward", "", "v1", "PodPortForwardOptions", CONNECT));
                subs.add(new Sub("proxy", "", "v1", "PodProxyOptions", PROXY));
            }
            case "services" -> subs.add(new Sub("proxy", "", "v1", "ServiceProxyOptions", PROXY));
            default -> {}
        }
        return List.copyOf(subs);
    }

    private static Sub own(ServedResource resource, String name, List<String> verbs) {
        return new Sub(
                name, resource.group(), resource.version(), resource.kind().kind(), verbs);
    }
}
