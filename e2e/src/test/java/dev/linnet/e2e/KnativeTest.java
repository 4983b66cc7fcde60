package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A Canary of a Knative Service on a whole cluster, whose controller follows Knative's Services from the moment on when there are any. We play
 * Knative.
 */
final class KnativeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: default}
            spec:
              provider: knative
              targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: podinfo}
              analysis: {interval: 1s, threshold: 2, stepWeights: [20, 50]}
            """;
    private static final String SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: podinfo, namespace: default}
            spec: {template: {spec: {containers: [{image: podinfo}]}}}
            """;

    @Test
    void isReleasedOnceKnativeIsThere() throws Exception {
        Kubectl.needed();
        try (Cluster cluster = Cluster.start()) {
            Canary podinfo = new Canary(cluster, "default", "podinfo");
            cluster.apply(CANARY);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(podinfo.events())
                            .contains("Warning Knative Service podinfo.default get query error: this cluster has no"
                                    + " Services of serving.knative.dev/v1 (expected: Knative Serving, which is not"
                                    + " installed)"));

            cluster.apply(Files.readString(Path.of("../controller/src/test/resources/knative-crds.yaml")));
            cluster.kubectl("wait", "--for=condition=established", "crd/services.serving.knative.dev");
            cluster.kubectl("wait", "--for=condition=established", "crd/revisions.serving.knative.dev");
            cluster.apply(SERVICE);
            makes(podinfo, "podinfo-00001");
            podinfo.awaitPhase("Initialized", PATIENCE, Duration.ofMillis(200), () -> obeys(podinfo, "podinfo-00001"));
            assertThat(primary(podinfo)).isEqualTo("podinfo-00001");

            makes(podinfo, "podinfo-00002");
            podinfo.awaitPhase("Succeeded", PATIENCE, Duration.ofMillis(200), () -> obeys(podinfo, "podinfo-00002"));
            assertThat(primary(podinfo)).isEqualTo("podinfo-00002");
            assertThat(podinfo.field("services.serving.knative.dev/podinfo", "{.spec.traffic}"))
                    .isEqualTo("[{\"latestRevision\":true,\"percent\":0},"
                            + "{\"percent\":100,\"revisionName\":\"podinfo-00002\"}]");
            assertThat(podinfo.events())
                    .contains(
                            "Normal Advance podinfo.default canary weight 20",
                            "Normal Advance podinfo.default canary weight 50");

            podinfo.kubectl("delete", "canary/podinfo");
            await().atMost(PATIENCE).until(() -> primary(podinfo).isEmpty());
            assertThat(podinfo.field("services.serving.knative.dev/podinfo", "{.spec.traffic}"))
                    .isEqualTo("[{\"latestRevision\":true,\"percent\":100}]");
        }
    }

    private static String primary(Canary podinfo) {
        return podinfo.field(
                "services.serving.knative.dev/podinfo", "{.metadata.annotations.flagger\\.app/primary-revision}");
    }

    /** A revision of the Service that is ready, and is the newest from now on. */
    private static void makes(Canary podinfo, String revision) {
        podinfo.cluster().apply("""
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata: {name: %s, namespace: default}
                """.formatted(revision));
        status(podinfo, "revisions.serving.knative.dev/" + revision, """
                {"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}""");
        obeys(podinfo, revision);
    }

    private static String obeys(Canary podinfo, String newest) {
        String generation = podinfo.field("services.serving.knative.dev/podinfo", "{.metadata.generation}");
        return status(podinfo, "services.serving.knative.dev/podinfo", """
                {"observedGeneration":%s,"latestCreatedRevisionName":"%s","latestReadyRevisionName":"%s",
                 "conditions":[{"type":"RoutesReady","status":"True"}]}""".formatted(generation, newest, newest));
    }

    private static String status(Canary podinfo, String object, String status) {
        return podinfo.kubectl(
                "patch", object, "--subresource=status", "--type=merge", "-p", "{\"status\":" + status + "}");
    }
}
