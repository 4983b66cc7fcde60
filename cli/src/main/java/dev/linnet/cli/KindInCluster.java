package dev.linnet.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** A kind that a cluster serves and that there are no classes for. */
record KindInCluster(String group, String version, String kind, String plural, boolean namespaced) {

    /** All objects of it, of all namespaces. */
    List<GenericKubernetesResource> list(KubernetesClient client) {
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
        return client.genericKubernetesResources(context)
                .inAnyNamespace()
                .list()
                .getItems();
    }
}
