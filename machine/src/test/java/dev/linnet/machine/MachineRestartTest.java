package dev.linnet.machine;

import static dev.linnet.machine.TestCluster.eventually;
import static dev.linnet.machine.TestCluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens while no machine runs is made up for when the next one starts. */
@Timeout(60)
class MachineRestartTest {

    @Test
    void catchesUpWithWhatItMissed(@TempDir Path directory) {
        try (TestCluster cluster = new TestCluster(directory)) {
            cluster.namespace("test");
            cluster.client.resource(web("test", 2, "web:1")).create();
            eventually().until(() -> cluster.isRolledOut("test"));
            List<Pod> before = cluster.pods("test");
            ConfigMap owner = cluster.client.resource(configMap("owner")).create();
            cluster.client
                    .resource(new ConfigMapBuilder(configMap("owned"))
                            .editMetadata()
                            .addNewOwnerReference()
                            .withApiVersion("v1")
                            .withKind("ConfigMap")
                            .withName("owner")
                            .withUid(owner.getMetadata().getUid())
                            .endOwnerReference()
                            .endMetadata()
                            .build())
                    .create();

            cluster.machine.close();
            cluster.client
                    .configMaps()
                    .inNamespace("test")
                    .withName("owner")
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
            cluster.client
                    .apps()
                    .deployments()
                    .inNamespace("test")
                    .withName("web")
                    .scale(3);
            cluster.startMachine();

            eventually().until(() -> cluster.isRolledOut("test"));
            eventually()
                    .until(() -> cluster.client
                                    .configMaps()
                                    .inNamespace("test")
                                    .withName("owned")
                                    .get()
                            == null);
            assertThat(cluster.pods("test"))
                    .hasSize(3)
                    .extracting(pod -> pod.getMetadata().getUid())
                    .containsAll(before.stream()
                            .map(pod -> pod.getMetadata().getUid())
                            .toList());
        }
    }

    private static ConfigMap configMap(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("test")
                .withName(name)
                .endMetadata()
                .build();
    }
}
