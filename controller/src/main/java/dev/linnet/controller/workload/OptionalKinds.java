package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.WeightedRoute.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Objects of kinds that not every cluster has, and that the client has no class for. */
public final class OptionalKinds {
    private OptionalKinds() {}

    /** How a client finds objects of such a kind. */
    public static ResourceDefinitionContext definition(Kind kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.name())
                .withPlural(kind.plural())
                .withNamespaced(true)
                .build();
    }

    /** An object, if there is one. A cluster without the kind has none of them. */
    public static Optional<GenericKubernetesResource> find(
            KubernetesClient client, Kind kind, String namespace, String name) {
        try {
            return Optional.ofNullable(client.genericKubernetesResources(definition(kind))
                    .inNamespace(namespace)
                    .withName(name)
                    .get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
