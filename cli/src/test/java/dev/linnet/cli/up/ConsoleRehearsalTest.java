package dev.linnet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.cli.KubernetesAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConsoleRehearsalTest {

    @Test
    void aPageIsShownAndNothingIsLeftInTheCluster(@TempDir Path directory) throws Exception {
        try (LocalCluster cluster = LocalCluster.throwAway(directory, List.of());
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(KubernetesAccess.read(cluster.kubeconfig()))
                        .build()) {

            assertThat(ConsoleRehearsal.play(client)).isEqualTo(200);

            assertThat(client.apps()
                            .deployments()
                            .inNamespace("linnet-system")
                            .withName("linnet-console")
                            .get())
                    .isNull();
        }
    }
}
