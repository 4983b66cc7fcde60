package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Canary goes, the service stays. */
final class DeletionTest extends InReleaseCluster {
    private static final String REVERTED =
            Manifests.WEIGHTED.replace("progressDeadlineSeconds: 60", "revertOnDeletion: true");

    private static void delete(Scene scene) {
        scene.cached();
        scene.client().resource(scene.canary().orElseThrow()).delete();
        scene.wakes();
    }

    private static boolean isGivenBack(Scene scene) {
        return Map.of("app", "podinfo")
                .equals(scene.service("podinfo").getSpec().getSelector());
    }

    @Test
    void givesAnAdoptedServiceBackAsItWas() {
        try (Scene scene = cluster.scene()) {
            String own = Manifests.SERVICE
                    .replace(
                            "{name: podinfo}",
                            "{name: podinfo, annotations: {helm.toolkit.fluxcd.io/driftDetection: disabled}}")
                    .replace("selector: {app: podinfo}", "selector: {app: podinfo, tier: web}")
                    .replace("targetPort: 9898}]", "targetPort: 9898}, {name: admin, port: 81, targetPort: 9797}]");
            scene.applies(
                    Manifests.DEPLOYMENT.replace(
                            "labels: {app: podinfo}\n    spec", "labels: {app: podinfo, tier: web}\n    spec"),
                    own,
                    Manifests.INGRESS);
            scene.pods().settle();
            scene.applies(REVERTED);
            scene.untilPhase("Initialized");
            assertThat(scene.service("podinfo").getSpec().getSelector()).isEqualTo(Map.of("app", "podinfo-primary"));

            delete(scene);
            scene.until("it has gone", () -> scene.canary().isEmpty());

            assertThat(scene.service("podinfo").getSpec().getSelector())
                    .isEqualTo(Map.of("app", "podinfo", "tier", "web"));
            assertThat(scene.service("podinfo").getSpec().getPorts())
                    .extracting(port -> port.getName())
                    .containsExactly("http", "admin");
            assertThat(scene.service("podinfo").getMetadata().getAnnotations())
                    .as("so that tools may set it back again, and the next Canary keeps what it was")
                    .doesNotContainKeys("linnet.dev/adopted", "kustomize.toolkit.fluxcd.io/reconcile")
                    .as("what its author has told them")
                    .containsEntry("helm.toolkit.fluxcd.io/driftDetection", "disabled");
            assertThat(scene.replicas("podinfo")).isEqualTo(2);
            scene.nobodyLostARequest();
        }
    }

    @Test
    void leavesTheServiceThatItMadeToTheTarget() {
        try (Scene scene = cluster.scene()) {
            scene.applies(Manifests.DEPLOYMENT, Manifests.INGRESS);
            scene.pods().settle();
            scene.applies(REVERTED);
            scene.untilPhase("Initialized");
            assertThat(scene.service("podinfo").getMetadata().getOwnerReferences())
                    .hasSize(1);

            delete(scene);
            scene.until("it has gone", () -> scene.canary().isEmpty());

            assertThat(scene.service("podinfo").getMetadata().getOwnerReferences())
                    .isEmpty();
            assertThat(scene.service("podinfo").getSpec().getSelector()).isEqualTo(Map.of("app", "podinfo"));
            scene.nobodyLostARequest();
        }
    }

    @Test
    void takesTrafficBackFirstWhereItIsDeletedInARun() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, REVERTED);
            scene.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);

            delete(scene);
            scene.until("it has gone", () -> scene.canary().isEmpty());

            assertThat(scene.gateway().canaryShare()).isZero();
            assertThat(scene.replicas("podinfo")).isEqualTo(2);
            scene.nobodyLostARequest();
        }
    }

    @Test
    void scalesTheTargetUpAlsoWithoutAFinalizer() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, Manifests.WEIGHTED);
            assertThat(scene.replicas("podinfo")).isZero();

            delete(scene);
            scene.until("callers are led to it", () -> isGivenBack(scene));

            assertThat(scene.replicas("podinfo")).isEqualTo(2);
            scene.nobodyLostARequest();
        }
    }

    @Test
    void isNotHeldUpByWhatIsMissing() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, REVERTED);
            scene.client().resource(scene.deployment("podinfo").orElseThrow()).delete();
            scene.client().resource(scene.service("podinfo")).delete();
            scene.client()
                    .network()
                    .v1()
                    .ingresses()
                    .inNamespace(scene.namespace())
                    .delete();

            delete(scene);
            scene.until("it has gone", () -> scene.canary().isEmpty());
        }
    }

    @Test
    void waitsForACanaryThatCannotBeReadToBeMendedSoThatItsTargetServesAgain() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, REVERTED);
            scene.applies(REVERTED.replace("provider: nginx", "provider: linkerd"));
            delete(scene);
            scene.passes(Duration.ofSeconds(10));
            assertThat(scene.canary()).isPresent();
            assertThat(scene.complaints().getLast())
                    .startsWith("it goes once it can be read, so that everything can be given back: provider linkerd")
                    .endsWith("or once its finalizer finalizer.flagger.app is taken off");

            scene.applies(REVERTED);
            scene.until("it has gone", () -> scene.canary().isEmpty());

            assertThat(scene.replicas("podinfo")).isEqualTo(2);
            scene.nobodyLostARequest();
        }
    }

    @Test
    void anotherCanaryOfTheSameNameBeginsAnew() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, Manifests.WEIGHTED);
            delete(scene);
            scene.until("callers are led to it", () -> isGivenBack(scene));
            // As garbage collection would.
            scene.runs().forEach(run -> scene.client().resource(run).delete());
            scene.client()
                    .resource(scene.deployment("podinfo-primary").orElseThrow())
                    .delete();

            scene.applies(Manifests.WEIGHTED);
            scene.untilPhase("Initialized");

            assertThat(scene.replicas("podinfo")).isZero();
            scene.setsImage("podinfo:2");
            scene.untilPhase("Progressing");
            scene.untilPhase("Succeeded");
            scene.nobodyLostARequest();
        }
    }
}
