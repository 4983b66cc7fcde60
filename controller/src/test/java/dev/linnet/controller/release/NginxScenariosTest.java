package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Flagger's own end-to-end scenarios of its provider {@code nginx}, by name, with what they forget to ask. */
final class NginxScenariosTest extends InReleaseCluster {
    @Test
    void nginxCanary() {
        try (Scene scene = cluster.scene();
                HookServer hooks = new HookServer()) {
            scene.applies(Manifests.APP);
            scene.pods().settle();
            scene.applies(Manifests.canary("""
                    interval: 15s
                    threshold: 5
                    maxWeight: 40
                    stepWeight: 20
                    metrics:
                    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                    - {name: request-duration, thresholdRange: {max: 500}, interval: 30s}
                    webhooks:
                    - {name: load, url: "%s"}
                    """.formatted(hooks.url("/load"))));
            scene.untilPhase("Initialized");
            assertThat(scene.ingressAnnotations("podinfo-canary"))
                    .containsEntry("nginx.ingress.kubernetes.io/canary", "true")
                    .containsEntry("nginx.ingress.kubernetes.io/canary-weight", "0")
                    .containsEntry("kubernetes.io/ingress.class", "nginx")
                    .containsEntry("kustomize.toolkit.fluxcd.io/reconcile", "disabled");

            scene.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);
            assertThat(scene.gateway().canaryShare()).isEqualTo(20);
            scene.until("weight 40", () -> scene.weight() == 40);
            scene.untilPhase("Promoting");
            assertThat(scene.gateway().canaryShare())
                    .as("until the primary is ready")
                    .isEqualTo(40);
            scene.untilPhase("Succeeded");

            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            assertThat(scene.gateway().canaryShare()).isZero();
            assertThat(scene.events()).noneMatch(event -> event.startsWith("Halt"));
            assertThat(scene.status().path("failedChecks").asInt()).isZero();
            scene.nobodyLostARequest();
        }
    }

    /** Nobody reads the gateways once a run is over: what they have counted since is not the next version's. */
    @Test
    void aGoodVersionIsNotEndedForWhatABadOneFailedLate() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.canary("""
                    interval: 15s
                    threshold: 5
                    stepWeights: [20, 40]
                    metrics:
                    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                    """));
            scene.setsImage("podinfo:bad");
            scene.untilPhase("Failed");
            assertThat(scene.alerts()).anyMatch(alert -> alert.contains("requests failed"));

            int alerts = scene.alerts().size();
            scene.gateway().failsLate(100);
            scene.passes(Duration.ofMinutes(2));
            scene.setsImage("podinfo:2");
            scene.until(
                    "the end",
                    () -> List.of("Succeeded", "Failed").contains(scene.phase())
                            && scene.alerts().size() > alerts);

            assertThat(scene.events()).noneMatch(event -> event.startsWith("Halt"));
            assertThat(scene.phase()).isEqualTo("Succeeded");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
        }
    }

    /** The gateway reads on the Ingress what else is released together with it. */
    @Test
    void tellsTheCanarysIngressWhatItIsReleasedTogetherWith() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.WEIGHTED);
            assertThat(scene.ingressAnnotations("podinfo-canary")).doesNotContainKey("linnet.dev/release");

            scene.annotatesCanary("linnet.dev/release", "checkout");
            scene.until(
                    "the mark",
                    () -> "checkout"
                            .equals(scene.ingressAnnotations("podinfo-canary").get("linnet.dev/release")));

            scene.annotatesCanary("linnet.dev/release", "payment");
            scene.until(
                    "the new mark",
                    () -> "payment"
                            .equals(scene.ingressAnnotations("podinfo-canary").get("linnet.dev/release")));
            assertThat(scene.ingressAnnotations("podinfo-canary"))
                    .containsEntry("nginx.ingress.kubernetes.io/canary", "true")
                    .containsEntry("nginx.ingress.kubernetes.io/canary-weight", "0");
        }
    }

    /** A canary Ingress that is left over must not conflict with it. */
    @Test
    void nginxIngressIsAppliedAgainAfterPromotion() {
        try (Scene scene = cluster.scene()) {
            Play.PROMOTION.in(scene);
            scene.applies(Manifests.INGRESS.replace("path: /,", "path: /v2,"));
            scene.passes(Duration.ofSeconds(5));

            assertThat(scene.ingressAnnotations("podinfo"))
                    .as("the team's own")
                    .noneSatisfy((key, _) -> assertThat(key).contains("canary"));
            assertThat(scene.client()
                            .network()
                            .v1()
                            .ingresses()
                            .inNamespace(scene.namespace())
                            .withName("podinfo-canary")
                            .require()
                            .getSpec()
                            .getRules()
                            .getFirst()
                            .getHttp()
                            .getPaths()
                            .getFirst()
                            .getPath())
                    .isEqualTo("/v2");
            assertThat(scene.ingressAnnotations("podinfo-canary"))
                    .containsEntry("nginx.ingress.kubernetes.io/canary-weight", "0");
        }
    }

    @Test
    void nginxAbTest() {
        try (Scene scene = cluster.scene();
                HookServer hooks = new HookServer()) {
            scene.applies(Manifests.APP);
            scene.pods().settle();
            scene.applies(Manifests.canary("""
                    interval: 10s
                    threshold: 5
                    iterations: 3
                    match:
                    - headers: {x-user: {exact: insider}}
                    webhooks:
                    - {name: load, type: rollout, url: "%s"}
                    """.formatted(hooks.url("/load"))));
            scene.untilPhase("Initialized");
            scene.setsImage("podinfo:2");
            scene.until("the audience meets it", () -> scene.gateway().canaryShare() == 100);
            assertThat(scene.ingressAnnotations("podinfo-canary"))
                    .containsEntry("nginx.ingress.kubernetes.io/canary-by-header", "x-user")
                    .containsEntry("nginx.ingress.kubernetes.io/canary-by-header-value", "insider")
                    .containsEntry("nginx.ingress.kubernetes.io/canary-weight", "0");
            scene.untilPhase("Succeeded");

            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
            assertThat(scene.ingressAnnotations("podinfo-canary"))
                    .containsEntry("nginx.ingress.kubernetes.io/canary-weight", "0")
                    .doesNotContainKey("nginx.ingress.kubernetes.io/canary-by-header")
                    .doesNotContainKey("nginx.ingress.kubernetes.io/canary-by-header-value");
            assertThat(scene.events())
                    .contains(
                            "Advance podinfo." + scene.namespace() + " canary iteration 1/3",
                            "Advance podinfo." + scene.namespace() + " canary iteration 3/3");
            scene.nobodyLostARequest();
        }
    }

    @Test
    void nginxLifecycle() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.canary("""
                    interval: 10s
                    threshold: 2
                    maxWeight: 40
                    stepWeight: 20
                    metrics:
                    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                    """));
            scene.setsImage("podinfo:2-bad");
            scene.untilPhase("Failed");
            assertThat(scene.gateway().canaryShare()).isZero();

            // Set back to what the primary runs: nothing happens.
            String primary = template(scene);
            scene.setsImage("podinfo:1");
            scene.passes(Duration.ofSeconds(30));
            assertThat(scene.phase()).isEqualTo("Failed");
            assertThat(template(scene)).isEqualTo(primary);
            int runs = scene.runs().size();

            // The failed version again: another run, which fails again.
            scene.setsImage("podinfo:2-bad");
            scene.untilPhase("Progressing");
            scene.untilPhase("Failed");
            assertThat(scene.runs()).hasSize(runs + 1);
            assertThat(template(scene)).isEqualTo(primary);

            // Mended outside, and only the template marked: it is another version, and passes.
            scene.gateway().users(100, 0);
            scene.client()
                    .apps()
                    .deployments()
                    .inNamespace(scene.namespace())
                    .withName("podinfo")
                    .edit(deployment -> {
                        deployment.getSpec().getTemplate().getMetadata().setAnnotations(Map.of("restarted", "now"));
                        return deployment;
                    });
            scene.wakes();
            scene.untilPhase("Succeeded");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2-bad");
            scene.nobodyLostARequest();
        }
    }

    private static String template(Scene scene) {
        return scene.deployment("podinfo-primary")
                .orElseThrow()
                .getSpec()
                .getTemplate()
                .toString();
    }

    @Test
    void tellsAReleaseInFlaggersWords() {
        try (Scene scene = cluster.scene()) {
            Play.PROMOTION.in(scene);
            String podinfo = "podinfo." + scene.namespace();
            assertThat(scene.events())
                    .isEqualTo(List.of(
                            "all the metrics providers are available!",
                            "Initialization done! " + podinfo,
                            "New revision detected! Scaling up " + podinfo,
                            "Starting canary analysis for " + podinfo,
                            "Advance " + podinfo + " canary weight 20",
                            "Advance " + podinfo + " canary weight 40",
                            "Copying " + podinfo + " template spec to podinfo-primary." + scene.namespace(),
                            "Routing all traffic to primary",
                            "Promotion completed! Scaling down " + podinfo));
        }
    }

    /** Flagger would say so at every tick, and alert nobody. */
    @Test
    void aRunWhoseIngressHasGoneWaitsAloudAndGoesOnOnceItIsBack() {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.WEIGHTED);
            scene.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);

            scene.client()
                    .network()
                    .v1()
                    .ingresses()
                    .inNamespace(scene.namespace())
                    .withName("podinfo")
                    .delete();
            scene.wakes();
            String missing = "ingress podinfo." + scene.namespace()
                    + " get query error: ingresses.networking.k8s.io \"podinfo\" not found";
            scene.until(
                    "somebody is alerted",
                    () -> scene.alerts().stream()
                            .anyMatch(alert -> alert.endsWith("warn: Canary is not advancing: " + missing)));
            assertThat(scene.events()).containsOnlyOnce(missing);
            assertThat(scene.phase()).isEqualTo("Progressing");
            assertThat(scene.runs().getLast().getStatus().path("waitingFor").asText())
                    .isEqualTo(missing);

            scene.applies(Manifests.INGRESS);
            scene.untilPhase("Succeeded");
            assertThat(scene.image("podinfo-primary")).isEqualTo("podinfo:2");
        }
    }
}
