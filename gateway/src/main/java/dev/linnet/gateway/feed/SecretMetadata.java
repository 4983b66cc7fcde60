package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Optional;

/**
 * Makes the API leave out what is in Secrets when all of them are listed or watched: what nobody refers to never leaves it. Access
 * rules cannot say this, so they allow more than is asked for.
 */
final class SecretMetadata implements Interceptor {
    static final String NAME = "linnet-secret-metadata";

    static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withVersion("v1")
            .withKind("Secret")
            .withPlural("secrets")
            .withNamespaced(true)
            .build();

    static GenericKubernetesResource shell(ObjectMeta meta) {
        GenericKubernetesResource shell = new GenericKubernetesResource();
        shell.setApiVersion("v1");
        shell.setKind("Secret");
        shell.setMetadata(meta);
        return shell;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (request.uri().getPath().endsWith("/api/v1/secrets")) {
            boolean watch =
                    Optional.ofNullable(request.uri().getQuery()).orElse("").contains("watch=true");
            builder.setHeader(
                    "Accept",
                    "application/json;as=%s;g=meta.k8s.io;v=v1"
                            .formatted(watch ? "PartialObjectMetadata" : "PartialObjectMetadataList"));
        }
    }
}
