package dev.linnet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import dev.linnet.cli.KubernetesAccess;
import dev.linnet.gateway.feed.ApiClient;
import dev.linnet.gateway.feed.ApiModels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster has from the start. */
final class BroughtAlongTest {
    private final KubernetesSerialization models = ApiModels.make();
    private final BroughtAlong own = BroughtAlong.fromTheStart(models);

    /** At a start its definitions are taken without a look. */
    @Test
    void isWhatAnApiTakesFromAnybodyToo(@TempDir Path directory) {
        List<GenericKubernetesResource> definitions = own.definitions().stream()
                .map(definition -> models.convertValue(definition, GenericKubernetesResource.class))
                .toList();
        assertThat(definitions).hasSizeGreaterThan(10);
        try (ApiServer api = ApiServer.start(new ApiServerSettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        directory,
                        true,
                        "127.77.128.0/17",
                        "kubelet-secret",
                        InstantSource.system()));
                KubernetesClient client = ApiClient.builder(KubernetesAccess.read(api.kubeconfig()), models)
                        .build()) {
            Manifests manifests = new Manifests(client);

            assertThat(manifests.apply(definitions, "definitions")).isEqualTo(definitions.size());
            assertThat(manifests.apply(own.objects(), "objects"))
                    .isEqualTo(own.objects().size());
            assertThat(manifests.apply(own.later(), "later")).isEqualTo(1);
        }
    }
}
