package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Flagger's own end-to-end scenarios of its provider {@code kubernetes}, by name, with what they forget to ask. */
final class FlaggerScenariosTest extends InReleaseCluster {
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    void definesMore() throws IOException {
        cluster.define(Files.readString(Path.of("../deploy/istio-crds.yaml")));
    }

    @Test
    void kubernetesDeploymentBlueGreen() {
        try (Scene scene = cluster.scene();
                HookServer hooks = new HookServer()) {
            hooks.closes("/gate/rollout");
            scene.gateway().callersUse("podinfo-svc");
            scene.applies(Manifests.DEPLOYMENT, Manifests.SERVICE.replace("name: podinfo}", "name: podinfo-svc}"));
            scene.pods().settle();
            scene.applies(Manifests.blueGreen("Deployment", "podinfo", """
                    service: {name: podinfo-svc, port: 80, targetPort: 9898, portDiscovery: true}""", """
                    interval: 15s
                    threshold: 10
                    iterations: 5
                    webhooks:
                    - {name: start, type: confirm-rollout, url: "%s"}
                    - {name: acceptance, type: pre-rollout, url: "%s"}
                    - {name: load, type: rollout, url: "%s"}
                    """.formatted(
                            hooks.url("/gate/rollout"), hooks.url("/token"), hooks.url("/load"))));
            scene.untilPhase("Initialized");

            assertThat(scene.service("podinfo-svc").getMetadata().getAnnotations())
                    .containsEntry("kustomize.toolkit.fluxcd.io/reconcile", "disabled")
                    .containsEntry("helm.toolkit.fluxcd.io/driftDetection", "disabled");
            assertThat(scene.service("podinfo-svc").getSpec().getSelector())
                    .isEqualTo(Map.of("app", "podinfo-primary"));
            assertThat(scene.deployment("podinfo-primary").orElseThrow().getMetadata())
                    .satisfies(primary -> {
                        assertThat(primary.getLabels())
                                .containsEntry("test-label", "kept")
                                .doesNotContainKey("other")
                                .containsEntry("app", "podinfo-primary");
                        assertThat(primary.getAnnotations()).containsEntry("test-annotation", "kept");
                    });
            assertThat(scene.service("podinfo-svc-canary").getSpec().getPorts())
                    .extracting(port -> port.getName() + " " + port.getPort())
                    .containsExactly("http 80", "http-metrics 9797");
            assertThat(scene.replicas("podinfo")).isZero();

            scene.setsImage("podinfo:2");
            scene.untilPhase("Waiting");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:1");
            hooks.opens("/gate/rollout");
            scene.untilPhase("Succeeded");

            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            assertThat(scene.events())
                    .containsSubsequence(
                            "New revision detected! Scaling up podinfo." + scene.namespace(),
                            "Starting canary analysis for podinfo." + scene.namespace(),
                            "Pre-rollout check acceptance passed",
                            "Advance podinfo." + scene.namespace() + " canary iteration 1/5",
                            "Advance podinfo." + scene.namespace() + " canary iteration 5/5",
                            "Copying podinfo." + scene.namespace() + " template spec to podinfo-primary."
                                    + scene.namespace());
            assertThat(hooks.called()).anyMatch(call -> call.startsWith("/load ") && call.contains("\"Progressing\""));
            scene.nobodyLostARequest();
        }
    }

    @Test
    void kubernetesDaemonSet() {
        try (Scene scene = cluster.scene()) {
            scene.isAbout("podinfo-ds");
            scene.applies(Manifests.DAEMON_SET);
            scene.pods().settle();
            String canary = Manifests.blueGreen(
                    "DaemonSet",
                    "podinfo-ds",
                    "service: {port: 80, targetPort: 9898}",
                    "interval: 15s\nthreshold: 5\niterations: 5");
            scene.applies(canary);
            scene.untilPhase("Initialized");
            assertThat(nodes(scene, "podinfo-ds")).containsEntry("flagger.app/scale-to-zero", "true");
            assertThat(nodes(scene, "podinfo-ds-primary")).isEmpty();

            setsImage(scene, "podinfo:2");
            scene.untilPhase("Progressing");
            assertThat(nodes(scene, "podinfo-ds")).as("it has Pods").isEmpty();
            scene.untilPhase("Succeeded");
            assertThat(image(scene, "podinfo-ds-primary")).isEqualTo("podinfo:2");
            assertThat(nodes(scene, "podinfo-ds-primary")).isEmpty();
            assertThat(nodes(scene, "podinfo-ds")).containsEntry("flagger.app/scale-to-zero", "true");

            setsImage(scene, "podinfo:3-broken");
            scene.untilPhase("Failed");
            assertThat(scene.events()).anyMatch(event -> event.contains("exceeded its progressDeadlineSeconds: 60"));
            assertThat(image(scene, "podinfo-ds-primary")).isEqualTo("podinfo:2");

            // With a finalizer, the DaemonSet gets its Pods back before its Canary goes.
            setsImage(scene, "podinfo:2");
            scene.applies(canary.replace("progressDeadlineSeconds: 60", "revertOnDeletion: true"));
            scene.until(
                    "it has its finalizer",
                    () -> scene.canary()
                            .orElseThrow()
                            .getMetadata()
                            .getFinalizers()
                            .contains("finalizer.flagger.app"));
            scene.client().resource(scene.canary().orElseThrow()).delete();
            scene.until("it has gone", () -> scene.canary().isEmpty());
            assertThat(nodes(scene, "podinfo-ds")).isEmpty();
            assertThat(daemonSet(scene, "podinfo-ds").getStatus().getNumberReady())
                    .isEqualTo(1);
            assertThat(scene.service("podinfo-ds").getSpec().getSelector()).isEqualTo(Map.of("app", "podinfo-ds"));
        }
    }

    private static void setsImage(Scene scene, String image) {
        scene.client()
                .apps()
                .daemonSets()
                .inNamespace(scene.namespace())
                .withName("podinfo-ds")
                .edit(daemonSet -> {
                    daemonSet
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .setImage(image);
                    return daemonSet;
                });
        scene.wakes();
    }

    private static DaemonSet daemonSet(Scene scene, String name) {
        return scene.client()
                .apps()
                .daemonSets()
                .inNamespace(scene.namespace())
                .withName(name)
                .require();
    }

    private static Map<String, String> nodes(Scene scene, String name) {
        Map<String, String> nodes =
                daemonSet(scene, name).getSpec().getTemplate().getSpec().getNodeSelector();
        return nodes == null ? Map.of() : nodes;
    }

    private static String image(Scene scene, String name) {
        return daemonSet(scene, name)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    @Test
    void kubernetesHorizontalPodAutoscaler() {
        try (Scene scene = cluster.scene()) {
            scene.applies(Manifests.DEPLOYMENT, Manifests.SERVICE, Manifests.AUTOSCALER);
            scene.pods().settle();
            scene.applies(
                    Manifests.blueGreen("Deployment", "podinfo", """
                    autoscalerRef: {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: podinfo}
                    service: {port: 80, targetPort: 9898}""", "interval: 15s\nthreshold: 5\niterations: 3"));
            scene.untilPhase("Initialized");
            assertThat(autoscaler(scene).getSpec().getScaleTargetRef().getName())
                    .isEqualTo("podinfo-primary");
            assertThat(utilization(scene)).isEqualTo(99);

            scene.applies(Manifests.AUTOSCALER.replace("averageUtilization: 99", "averageUtilization: 50"));
            scene.passes(Duration.ofMinutes(1));
            assertThat(utilization(scene)).as("before a promotion").isEqualTo(99);
            scene.setsImage("podinfo:2");
            scene.until("it has Pods", () -> scene.replicas("podinfo") == 2);
            scene.untilPhase("Succeeded");

            assertThat(utilization(scene)).isEqualTo(50);
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            scene.nobodyLostARequest();
        }
    }

    private static HorizontalPodAutoscaler autoscaler(Scene scene) {
        return scene.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(scene.namespace())
                .withName("podinfo-primary")
                .require();
    }

    private static int utilization(Scene scene) {
        return autoscaler(scene)
                .getSpec()
                .getMetrics()
                .getFirst()
                .getResource()
                .getTarget()
                .getAverageUtilization();
    }

    @Test
    void kedaScaledObject() {
        try (Scene scene = cluster.scene()) {
            cluster.define(Manifests.SCALED_OBJECTS);
            scene.applies(Manifests.DEPLOYMENT, Manifests.SERVICE, Manifests.SCALED_OBJECT);
            scene.pods().settle();
            scene.applies(
                    Manifests.blueGreen("Deployment", "podinfo", """
                    autoscalerRef: {apiVersion: keda.sh/v1alpha1, kind: ScaledObject, name: podinfo-so}
                    service: {port: 80, targetPort: 9898}""", "interval: 10s\nthreshold: 5\niterations: 8"));
            scene.untilPhase("Initialized");

            JsonNode primary = scaledObject(scene, "podinfo-so-primary");
            assertThat(primary.at("/spec/scaleTargetRef/name").asText()).isEqualTo("podinfo-primary");
            assertThat(primary.at("/spec/triggers/0/metadata/query").asText())
                    .isEqualTo("sum(rate(http_requests_total{ app=\"podinfo-primary\" }[30s]))");
            assertThat(primary.at("/metadata/annotations").toString()).doesNotContain("paused");
            assertThat(primary.at("/metadata/labels/team").asText()).isEqualTo("a");
            assertThat(primary.at("/spec/advanced/scalingModifiers/formula").asText())
                    .isEqualTo("a");
            assertThat(paused(scene)).isEqualTo("0");
            assertThat(scaledObject(scene, "podinfo-so")
                            .at("/spec/advanced/scalingModifiers/formula")
                            .asText())
                    .as("the team's own keeps what Flagger does not know")
                    .isEqualTo("a");

            scene.applies(Manifests.SCALED_OBJECT.replace("maxReplicaCount: 3", "maxReplicaCount: 5"));
            scene.setsImage("podinfo:2");
            scene.untilPhase("Progressing");
            assertThat(paused(scene)).isEmpty();
            assertThat(scene.replicas("podinfo")).isEqualTo(2);
            scene.untilPhase("Succeeded");

            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            assertThat(paused(scene)).isEqualTo("0");
            assertThat(scaledObject(scene, "podinfo-so-primary")
                            .at("/spec/maxReplicaCount")
                            .asInt())
                    .isEqualTo(5);
            scene.nobodyLostARequest();
        }
    }

    private static String paused(Scene scene) {
        return scaledObject(scene, "podinfo-so")
                .path("metadata")
                .path("annotations")
                .path("autoscaling.keda.sh/paused-replicas")
                .asText("");
    }

    private static JsonNode scaledObject(Scene scene, String name) {
        GenericKubernetesResource object = scene.client()
                .genericKubernetesResources("keda.sh/v1alpha1", "ScaledObject")
                .inNamespace(scene.namespace())
                .withName(name)
                .require();
        return JSON.valueToTree(object);
    }

    /** The script's last check, that the primary still runs what it ran, cannot fail; this one can. */
    @Test
    void istioSkipAnalysis() {
        try (Scene scene = cluster.scene()) {
            scene.applies(By.ISTIO.before());
            scene.pods().settle();
            scene.applies(By.ISTIO
                    .canary()
                    .replace("  progressDeadlineSeconds", "  skipAnalysis: true\n  progressDeadlineSeconds"));
            scene.untilPhase("Initialized");

            scene.setsImage("podinfo:2");
            scene.untilPhase("Succeeded");
            scene.until("everything is told", scene::isAllTold);
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            assertThat(scene.events())
                    .noneMatch(event -> event.contains(" canary weight "))
                    .contains("Promotion completed! Canary analysis was skipped for podinfo." + scene.namespace());

            scene.setsImage("potato:1-broken");
            scene.untilPhase("Failed");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            assertThat(scene.gateway().canaryShare()).isZero();
            scene.until("the target rests", () -> scene.replicas("podinfo") == 0);
            assertThat(scene.alerts()).anyMatch(alert -> alert.contains("error: Progress deadline exceeded"));
            scene.nobodyLostARequest();
        }
    }

    @Test
    void istioDelegation() {
        try (Scene scene = cluster.scene()) {
            scene.applies(By.ISTIO.before());
            scene.pods().settle();
            scene.applies(By.ISTIO
                    .canary()
                    .replace(
                            ", gateways: [edge], hosts: [app.example.com]", ", portDiscovery: true, delegation: true"));
            scene.untilPhase("Initialized");

            JsonNode part = scene.gateway().route().orElseThrow();
            assertThat(part.has("hosts")).isFalse();
            assertThat(part.has("gateways")).isFalse();
            assertThat(part.at("/http/0/route/0/destination/port/number").asInt())
                    .isEqualTo(80);

            scene.setsImage("podinfo:2");
            scene.until("users meet it", () -> scene.gateway().canaryShare() == 20);
            scene.untilPhase("Succeeded");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            scene.nobodyLostARequest();
        }
    }

    @Test
    void istioDeleteWithFinalizer() {
        try (Scene scene = cluster.scene()) {
            scene.applies(By.ISTIO.before());
            scene.pods().settle();
            scene.applies(By.ISTIO
                    .canary()
                    .replace("  progressDeadlineSeconds", "  revertOnDeletion: true\n  progressDeadlineSeconds"));
            scene.untilPhase("Initialized");
            assertThat(scene.canary().orElseThrow().getMetadata().getFinalizers())
                    .containsExactly("finalizer.flagger.app");
            assertThat(scene.replicas("podinfo")).isZero();

            scene.cached();
            scene.client().resource(scene.canary().orElseThrow()).delete();
            scene.wakes();
            scene.until("it has gone", () -> scene.canary().isEmpty());

            assertThat(scene.replicas("podinfo")).isEqualTo(2);
            assertThat(scene.service("podinfo").getSpec().getSelector()).isEqualTo(Map.of("app", "podinfo"));
            assertThat(scene.gateway()
                            .route()
                            .orElseThrow()
                            .at("/http/0/route/0/destination/host")
                            .asText())
                    .isEqualTo("podinfo");
            scene.nobodyLostARequest();
        }
    }
}
