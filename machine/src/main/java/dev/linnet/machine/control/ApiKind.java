package dev.linnet.machine.control;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Set;

/**
 * A kind that the API serves, in its preferred version.
 *
 * @param group empty for the core group
 * @param verbs what can be done with it, {@code delete}, {@code list}, {@code watch}…
 */
public record ApiKind(String group, String version, String kind, String plural, boolean namespaced, Set<String> verbs) {
    public ApiKind {
        verbs = Set.copyOf(verbs);
    }

    public String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Where all objects of a namespace are. */
    public String collection(String namespace) {
        return (group.isEmpty() ? "/api/" : "/apis/") + groupVersion() + (namespaced ? "/namespaces/" + namespace : "")
                + "/" + plural;
    }

    /** Where an object is, {@code /apis/apps/v1/namespaces/test/deployments/web}. */
    public String path(Key key) {
        return collection(key.namespace()) + "/" + key.name();
    }

    public boolean isCollectable() {
        return verbs.contains("list") && verbs.contains("watch") && verbs.contains("delete");
    }

    /** As fabric8's untyped client wants it. */
    public ResourceDefinitionContext definition() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
