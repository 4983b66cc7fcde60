package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster that ran Flagger hands over: no run begins, no traffic moves, and what Flagger had written is ours. */
final class HandoverTest extends InReleaseCluster {
    @ParameterizedTest
    @ValueSource(strings = {"Initialized", "Succeeded", "Failed"})
    void takesOverWhatRestsWithoutARun(String phase) {
        try (Scene scene = cluster.scene()) {
            leftByFlagger(scene, phase, 0);
            List<String> templates = templates(scene);
            int weight = scene.gateway().canaryShare();

            scene.passes(Duration.ofSeconds(30)); // fifteen intervals

            assertThat(scene.phase()).isEqualTo(phase);
            assertThat(scene.status().path("lastAppliedSpec").asText()).startsWith("linnet-");
            assertThat(templates(scene)).isEqualTo(templates);
            assertThat(scene.gateway().canaryShare()).isEqualTo(weight).isZero();
            assertThat(scene.replicas("podinfo")).isZero();
            assertThat(scene.events()).isEmpty();
            assertThat(managers(scene, "podinfo-primary"))
                    .doesNotContain("flagger")
                    .contains("linnet");
            assertThat(managers(scene.service("podinfo-canary"))).doesNotContain("flagger");
            assertThat(managers(scene.canary().orElseThrow())).doesNotContain("flagger");
            scene.nobodyLostARequest();

            // A new version is released as ever.
            scene.setsImage("podinfo:3");
            scene.untilPhase("Progressing");
            scene.untilPhase("Succeeded");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:3");
            scene.nobodyLostARequest();
        }
    }

    @Test
    void goesOnWithARunWhereItIs() {
        try (Scene scene = cluster.scene()) {
            leftByFlagger(scene, "Progressing", 20);

            scene.until("the next step", () -> scene.weight() == 40);
            scene.untilPhase("Succeeded");

            assertThat(scene.events()).noneMatch(event -> event.startsWith("New revision"));
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            scene.nobodyLostARequest();
        }
    }

    @Test
    void doesNothingWhileSuspendedAndLetsFlaggerHaveItBack() {
        try (Scene scene = cluster.scene()) {
            Play.PROMOTION.in(scene);
            scene.applies(Manifests.WEIGHTED.replace("progressDeadlineSeconds: 60", "suspend: true"));
            scene.passes(Duration.ofSeconds(10));
            int writes = scene.front().writes().size();

            scene.setsImage("podinfo:3");
            scene.passes(Duration.ofMinutes(1));

            assertThat(scene.front().writes()).hasSize(writes);
            assertThat(scene.phase()).isEqualTo("Succeeded");
            assertThat(scene.events())
                    .filteredOn(event -> event.contains("suspend"))
                    .hasSize(1);
            // What Flagger needs to go on is there: names, labels, owner, and a status of its own form.
            assertThat(scene.status().properties())
                    .extracting(field -> field.getKey())
                    .isSubsetOf(
                            "phase",
                            "canaryWeight",
                            "iterations",
                            "failedChecks",
                            "lastAppliedSpec",
                            "lastPromotedSpec",
                            "lastTransitionTime",
                            "trackedConfigs",
                            "conditions");
        }
    }

    /** As a cluster is that Flagger has left: made by us, then signed by it, with hashes that we cannot compute. */
    private static void leftByFlagger(Scene scene, String phase, int weight) {
        Play.PROMOTION.in(scene);
        scene.controllerIsReplaced();
        KubernetesClient client = scene.client();
        if (!phase.equals("Succeeded") && !phase.equals("Initialized")) {
            scene.setsImage(phase.equals("Failed") ? "podinfo:2-bad" : "podinfo:2");
        }
        if (weight > 0) {
            client.apps()
                    .deployments()
                    .inNamespace(scene.namespace())
                    .withName("podinfo")
                    .scale(2);
            client.apps()
                    .deployments()
                    .inNamespace(scene.namespace())
                    .withName("podinfo-primary")
                    .edit(primary -> {
                        primary.getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .setImage("podinfo:1");
                        return primary;
                    });
            scene.pods().settle();
            scene.pods().settle();
            client.network()
                    .v1()
                    .ingresses()
                    .inNamespace(scene.namespace())
                    .withName("podinfo-canary")
                    .edit(ingress -> {
                        ingress.getMetadata()
                                .getAnnotations()
                                .put("nginx.ingress.kubernetes.io/canary-weight", Integer.toString(weight));
                        return ingress;
                    });
        }
        scene.runs().forEach(run -> client.resource(run).delete());
        client.v1().events().inNamespace(scene.namespace()).delete();
        client.resource(scene.canary().orElseThrow())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"phase\":\"%s\",\"canaryWeight\":%d,\"lastAppliedSpec\":\"85d557f47b\",\"lastPromotedSpec\":\"%s\"}}"
                                .formatted(phase, weight, weight > 0 ? "7c6b5f9d88" : "85d557f47b"));
        sign(client, scene.deployment("podinfo-primary").orElseThrow());
        sign(client, scene.service("podinfo-canary"));
        sign(client, scene.canary().orElseThrow());
    }

    private static void sign(KubernetesClient client, HasMetadata object) {
        List<ManagedFieldsEntry> fields = object.getMetadata().getManagedFields();
        fields.stream()
                .filter(entry -> entry.getOperation().equals("Update"))
                .forEach(entry -> entry.setManager("flagger"));
        client.resource(object).update();
        assertThat(managers(client.resource(object).get())).contains("flagger");
    }

    private static List<String> managers(HasMetadata object) {
        return object.getMetadata().getManagedFields().stream()
                .map(ManagedFieldsEntry::getManager)
                .distinct()
                .toList();
    }

    private static List<String> managers(Scene scene, String deployment) {
        return managers(scene.deployment(deployment).orElseThrow());
    }

    private static List<String> templates(Scene scene) {
        return List.of(
                scene.deployment("podinfo")
                        .orElseThrow()
                        .getSpec()
                        .getTemplate()
                        .toString(),
                scene.deployment("podinfo-primary")
                        .orElseThrow()
                        .getSpec()
                        .getTemplate()
                        .toString());
    }
}
