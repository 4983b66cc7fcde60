package dev.linnet.cli;

import dev.linnet.machine.control.ApiKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** Objects of kinds that the client has no classes for. */
final class ObjectsInCluster {
    private ObjectsInCluster() {}

    /** Of all namespaces. */
    static List<GenericKubernetesResource> list(KubernetesClient client, ApiKind kind) {
        return client.genericKubernetesResources(kind.definition())
                .inAnyNamespace()
                .list()
                .getItems();
    }
}
