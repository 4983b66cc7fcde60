package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can be released, and what counts as a change of it. */
final class TargetsTest extends InReleaseCluster {
    @Test
    void aServiceIsCopiedToItsPrimaryOnceItWasTriedOut() {
        try (Scene scene = cluster.scene()) {
            String service = Manifests.SERVICE.replace("app: podinfo}", "app: podinfo, version: \"1\"}");
            scene.applies(service);
            scene.applies(Manifests.blueGreen(
                    "Service", "podinfo", "service: {port: 80}", "interval: 10s\nthreshold: 5\niterations: 2"));
            scene.untilPhase("Initialized");
            assertThat(version(scene, "podinfo-primary")).isEqualTo("1");
            assertThat(version(scene, "podinfo-canary")).isEqualTo("1");
            String address = scene.service("podinfo-primary").getSpec().getClusterIP();

            scene.applies(service.replace("\"1\"", "\"2\""));
            scene.untilPhase("Progressing");
            scene.until(
                    "the canary's is what the target says",
                    () -> version(scene, "podinfo-canary").equals("2"));
            assertThat(version(scene, "podinfo-primary")).isEqualTo("1");
            scene.untilPhase("Succeeded");

            Service primary = scene.service("podinfo-primary");
            assertThat(version(scene, "podinfo-primary")).isEqualTo("2");
            assertThat(primary.getSpec().getClusterIP()).isEqualTo(address);
            assertThat(primary.getMetadata().getOwnerReferences()).hasSize(1);
            assertThat(scene.service("podinfo").getMetadata().getOwnerReferences())
                    .isEmpty();
        }
    }

    private static String version(Scene scene, String service) {
        return String.valueOf(scene.service(service).getSpec().getSelector().get("version"));
    }

    /** Also with a finalizer of Flagger's, which nobody else would take off, it can be deleted. */
    @Test
    void aClusterWithoutKnativeIsToldToLackIt() {
        try (Scene scene = cluster.scene()) {
            scene.applies(Manifests.KNATIVE.replace(
                    "metadata: {name: podinfo}", "metadata: {name: podinfo, finalizers: [finalizer.flagger.app]}"));
            scene.passes(Duration.ofSeconds(10));

            assertThat(scene.events())
                    .containsExactly("Knative Service podinfo." + scene.namespace() + " get query error: this cluster"
                            + " has no Services of serving.knative.dev/v1 (expected: Knative Serving, which is not"
                            + " installed)");
            assertThat(scene.phase()).isEmpty();

            scene.client().resource(scene.canary().orElseThrow()).delete();
            scene.wakes();

            scene.until("it has gone", () -> scene.canary().isEmpty());
        }
    }

    @Test
    void anotherNewVersionRestartsTheRun() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.WEIGHTED);
            scene.setsImage("podinfo:2");
            scene.until("weight 40", () -> scene.weight() == 40);

            scene.setsImage("podinfo:3");
            scene.until("it begins anew", () -> scene.weight() == 0);
            assertThat(scene.gateway().canaryShare()).isZero();
            scene.untilPhase("Succeeded");

            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:3");
            assertThat(scene.events())
                    .contains("New revision detected! Restarting analysis for podinfo." + scene.namespace());
            scene.nobodyLostARequest();
        }
    }

    @Test
    void aChangedConfigIsAVersionOfItsOwn() {
        try (Scene scene = cluster.scene()) {
            String settings = """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: settings, labels: {test-label: kept, other: dropped}}
                    data: {colour: blue}
                    """;
            scene.applies(settings, READS_SETTINGS, Manifests.SERVICE, Manifests.INGRESS);
            scene.pods().settle();
            scene.applies(Manifests.WEIGHTED);
            scene.untilPhase("Initialized");
            assertThat(colour(scene)).isEqualTo("blue");
            assertThat(copy(scene).getMetadata().getLabels()).isEqualTo(Map.of("test-label", "kept"));

            scene.applies(settings.replace("blue", "red"));
            scene.untilPhase("Progressing");
            assertThat(colour(scene)).as("before promotion").isEqualTo("blue");
            scene.untilPhase("Succeeded");

            assertThat(colour(scene)).isEqualTo("red");
            scene.nobodyLostARequest();
        }
    }

    private static final String READS_SETTINGS = Manifests.DEPLOYMENT.replace(
            "image: podinfo:1", "image: podinfo:1\n        envFrom: [{configMapRef: {name: settings}}]");

    private static ConfigMap copy(Scene scene) {
        return scene.client()
                .configMaps()
                .inNamespace(scene.namespace())
                .withName("settings-primary")
                .require();
    }

    private static String colour(Scene scene) {
        return String.valueOf(copy(scene).getData().get("colour"));
    }

    /** Both primaries read the same copy: it must not go with the Canary that has made it. */
    @Test
    void aConfigThatTwoCanariesReadBelongsToBoth() {
        try (Scene scene = cluster.scene()) {
            scene.applies("""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: settings}
                    data: {colour: blue}
                    """);
            for (String app : List.of("podinfo", "another")) {
                scene.isAbout(app);
                scene.applies(READS_SETTINGS
                        .replace("name: podinfo\n", "name: " + app + "\n")
                        .replace("app: podinfo", "app: " + app));
                scene.pods().settle();
                scene.applies(Manifests.blueGreen(
                        "Deployment", app, "service: {port: 80}", "interval: 10s\nthreshold: 5\niterations: 2"));
                scene.untilPhase("Initialized");
            }

            assertThat(copy(scene).getMetadata().getOwnerReferences())
                    .extracting(OwnerReference::getName, OwnerReference::getController)
                    .containsExactlyInAnyOrder(tuple("podinfo", false), tuple("another", true));
        }
    }

    @Test
    void otherPortsAreOfferedAsWhatTheyAre() {
        try (Scene scene = cluster.scene()) {
            scene.applies(Manifests.DEPLOYMENT.replace(
                    "{name: http-metrics, containerPort: 9797}", "{name: dns, containerPort: 5353, protocol: UDP}"));
            scene.pods().settle();
            scene.applies(Manifests.blueGreen(
                    "Deployment",
                    "podinfo",
                    "service: {port: 80, targetPort: 9898, portDiscovery: true}",
                    "interval: 10s\nthreshold: 5\niterations: 2"));
            scene.untilPhase("Initialized");

            assertThat(scene.service("podinfo-canary").getSpec().getPorts())
                    .extracting(port -> port.getName() + " " + port.getProtocol())
                    .containsExactly("http TCP", "dns UDP");
        }
    }

    @Test
    void aTargetThatIsSetBackInARunEndsIt() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.WEIGHTED);
            scene.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);

            scene.setsImage("podinfo:1");
            scene.untilPhase("Succeeded");

            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:1");
            assertThat(scene.gateway().canaryShare()).isZero();
            scene.passes(Duration.ofSeconds(5));
            assertThat(scene.replicas("podinfo")).isZero();
            scene.nobodyLostARequest();
        }
    }

    @Test
    void aDaemonSetThatIsNotRolledOutIsRefusedAsByFlagger() {
        try (Scene scene = cluster.scene()) {
            scene.isAbout("podinfo-ds");
            scene.applies(Manifests.DAEMON_SET.replace(
                    "selector: {matchLabels", "updateStrategy: {type: OnDelete}\n  selector: {matchLabels"));
            scene.applies(Manifests.blueGreen(
                    "DaemonSet", "podinfo-ds", "service: {port: 80}", "interval: 10s\nthreshold: 5\niterations: 2"));
            scene.passes(Duration.ofSeconds(5));

            assertThat(scene.events())
                    .containsExactly("daemonset podinfo-ds." + scene.namespace()
                            + " must have RollingUpdate strategy but have OnDelete");
        }
    }

    @Test
    void aSecondCanaryOfTheSameTargetIsRefused() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.WEIGHTED);

            scene.isAbout("another");
            scene.applies(Manifests.WEIGHTED.replace("metadata: {name: podinfo}", "metadata: {name: another}"));
            scene.passes(Duration.ofSeconds(20));

            assertThat(scene.phase()).isEmpty();
            assertThat(scene.complaints())
                    .contains("deployment podinfo-primary." + scene.namespace()
                            + " belongs to canary podinfo (expected: one canary for each target)");
            scene.nobodyLostARequest();
        }
    }
}
