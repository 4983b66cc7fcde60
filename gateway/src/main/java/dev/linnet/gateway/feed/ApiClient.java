package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** The client that {@link Feed}, the status writer and the command line want. */
public final class ApiClient {
    private ApiClient() {}

    /**
     * Watches go over plain HTTP, so that local and real clusters take one path. An answer 5xx is retried twice: whoever calls
     * has tries of his own. It says once when the API goes away, and once when it is back. Lists of all Secrets hold only their metadata.
     */
    public static KubernetesClient open(Config config) {
        return builder(config, ApiModels.make()).build();
    }

    /** @param models how objects are read and written; clients of one process may share it, because it is slow to make */
    public static KubernetesClientBuilder builder(Config config, KubernetesSerialization models) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(2)
                        // By which managedFields name it.
                        .withUserAgent("linnet")
                        .build())
                .withKubernetesSerialization(models)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor(SecretMetadata.NAME, new SecretMetadata())
                                .addOrReplaceInterceptor(ApiAbsence.NAME, new ApiAbsence()));
    }
}
