package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** The client that {@link Feed} and the status writer want. */
public final class ApiClient {
    private ApiClient() {}

    /**
     * Watches go over plain HTTP, so that local and real clusters take one path. An answer 5xx is retried twice: whoever calls
     * has tries of his own.
     */
    public static KubernetesClient open(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withOnlyHttpWatches(true)
                        .withRequestRetryBackoffLimit(2)
                        .build())
                .build();
    }
}
