package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.ControllerProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What others do to the objects of a release that rests, in real time: nobody tells its controller but its watches. */
final class WatchesTest extends InReleaseCluster {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeAll
    void definesMore() throws IOException {
        cluster.define(Files.readString(Path.of("../deploy/istio-crds.yaml")));
    }

    @Test
    void aServiceThatItsTeamAppliesAgainLeadsToThePrimaryAgain() throws Exception {
        try (Scene scene = cluster.scene();
                FrontApi front = new FrontApi(cluster.api());
                KubernetesClient client = RealTime.client(front);
                ControllerProcess _ = ControllerProcess.start(client, RealTime.settings(scene, Optional.empty()))) {
            scene.applies(Manifests.APP);
            scene.pods().settle();
            scene.applies(Manifests.WEIGHTED);
            RealTime.await(scene, PATIENCE, () -> scene.phase().equals("Initialized") && scene.isAllTold());
            assertThat(selector(scene, "podinfo")).containsEntry("app", "podinfo-primary");

            scene.applies(Manifests.SERVICE);

            RealTime.await(scene, PATIENCE, () -> selector(scene, "podinfo").containsValue("podinfo-primary"));
        }
    }

    @Test
    void aShareThatSomebodyGivesARestingCanaryIsTakenBackByAVirtualServiceToo() throws Exception {
        try (Scene scene = cluster.scene();
                FrontApi front = new FrontApi(cluster.api());
                KubernetesClient client = RealTime.client(front);
                ControllerProcess _ = ControllerProcess.start(client, RealTime.settings(scene, Optional.empty()))) {
            scene.applies(By.ISTIO.before());
            scene.pods().settle();
            scene.applies(By.ISTIO.canary());
            RealTime.await(scene, PATIENCE, () -> scene.phase().equals("Initialized") && scene.isAllTold());

            String half = """
                    apiVersion: networking.istio.io/v1beta1
                    kind: VirtualService
                    metadata: {name: podinfo}
                    spec:
                      http:
                      - route:
                        - {destination: {host: podinfo-primary}, weight: 50}
                        - {destination: {host: podinfo-canary}, weight: 50}
                    """;

            // The first time, the last of its Pods may wake the controller.
            for (int time = 0; time < 2; time++) {
                scene.applies(half);
                RealTime.await(scene, PATIENCE, () -> scene.gateway().canaryShare() == 0);
            }
        }
    }

    private static Map<String, String> selector(Scene scene, String service) {
        return scene.service(service).getSpec().getSelector();
    }
}
