package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks the API which kinds it serves. */
public final class ApiKinds {
    /** Old paths to objects that other groups have too. */
    private static final String ALIAS = "extensions";

    private ApiKinds() {}

    /** Every kind once, in the version that its group prefers. Subresources are left out. Costs a request per group-version. */
    public static List<ApiKind> discover(KubernetesClient client) {
        Map<String, ApiKind> found = new LinkedHashMap<>();
        addAll(client, "", "v1", found);
        for (APIGroup group : client.getApiGroups().getGroups()) {
            if (group.getName().equals(ALIAS)) {
                continue;
            }
            for (String version : preferredFirst(group)) {
                addAll(client, group.getName(), version, found);
            }
        }
        return List.copyOf(found.values());
    }

    private static Collection<String> preferredFirst(APIGroup group) {
        Set<String> versions = new LinkedHashSet<>();
        if (group.getPreferredVersion() != null) {
            versions.add(group.getPreferredVersion().getVersion());
        }
        group.getVersions().stream().map(GroupVersionForDiscovery::getVersion).forEach(versions::add);
        return versions;
    }

    private static void addAll(KubernetesClient client, String group, String version, Map<String, ApiKind> found) {
        var served = client.getApiResources(group.isEmpty() ? version : group + "/" + version);
        if (served == null) {
            return;
        }
        for (APIResource resource : served.getResources()) {
            if (!resource.getName().contains("/")) {
                found.putIfAbsent(resource.getName() + "." + group, kind(group, version, resource));
            }
        }
    }

    private static ApiKind kind(String group, String version, APIResource resource) {
        boolean namespaced = Boolean.TRUE.equals(resource.getNamespaced());
        Set<String> verbs = Set.copyOf(resource.getVerbs());
        return new ApiKind(group, version, resource.getKind(), resource.getName(), namespaced, verbs);
    }
}
