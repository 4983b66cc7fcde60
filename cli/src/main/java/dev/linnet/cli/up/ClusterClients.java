package dev.linnet.cli.up;

import dev.linnet.cli.KubernetesAccess;
import dev.linnet.cli.direct.DirectHttp;
import dev.linnet.gateway.feed.ApiClient;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;

/**
 * Opens the clients of one local cluster's parts. Each speaks as whom its kubeconfig says.
 *
 * @param models how objects are read and written
 * @param http   their way to the API
 */
record ClusterClients(KubernetesSerialization models, DirectHttp http) {
    KubernetesClient open(Path kubeconfig) {
        return open(KubernetesAccess.read(kubeconfig));
    }

    KubernetesClient open(Config config) {
        return ApiClient.builder(config, models).withHttpClientFactory(http).build();
    }
}
