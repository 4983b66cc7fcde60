package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flagger's kinds are there from the start: Canaries that teams have are taken as they stand, and wrong ones are told why. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FlaggerKindsTest {
    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void takesCanariesAsTheyArePublished() {
        assertThat(cluster.apply(Manifests.read("canaries.yaml", Map.of())))
                .contains(
                        "canary.flagger.app/podinfo created",
                        "canary.flagger.app/insiders created",
                        "canary.flagger.app/routed created",
                        "canary.flagger.app/mesh created",
                        "metrictemplate.flagger.app/latency created",
                        "alertprovider.flagger.app/on-call created");
        assertThat(cluster.apply(Manifests.read("canaries.yaml", Map.of())).lines())
                // A list of which defaults were filled in is sent again whole.
                .allMatch(line -> line.matches(".* (unchanged|configured)"));

        cluster.kubectl(
                "patch",
                "canary",
                "podinfo",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"phase\":\"Progressing\",\"canaryWeight\":20,\"failedChecks\":0,\"iterations\":0,"
                        + "\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}}");
        assertThat(cluster.kubectl("get", "canary", "podinfo"))
                .containsPattern(
                        "NAME +STATUS +WEIGHT +LASTTRANSITIONTIME\npodinfo +Progressing +20 +2026-01-01T00:00:00Z\n");
        assertThat(cluster.kubectl("get", "canaries", "podinfo", "-o", "wide"))
                .containsPattern("SUSPENDED +FAILEDCHECKS +INTERVAL +MIRROR +STEPWEIGHT +STEPWEIGHTS +MAXWEIGHT")
                .containsPattern("podinfo +Progressing +20 +0 +10s +5 +50 +2026");
        assertThat(cluster.kubectl(
                        "get",
                        "canary",
                        "routed",
                        "-o",
                        "jsonpath={.spec.service.gatewayRefs[0].group}" + " {.spec.analysis.sessionAffinity.maxAge}"))
                .isEqualTo("gateway.networking.k8s.io 86400");
        assertThat(cluster.kubectl("get", "metrictemplates,alertproviders"))
                .containsPattern("latency +prometheus")
                .containsPattern("on-call +slack");
    }

    /** What is changed in the published Canary, and what kubectl then says. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interval: 10s            | interval: 1h              | spec.analysis.interval: Invalid value: "1h": spec.analysis.interval in body should match '^[0-9]+(m|s)'
            stepWeight: 5            | mirror: false             | "spec.analysis" must validate one and only one schema (oneOf). Found none valid
            stepWeight: 5            | iterations: 5, stepWeight: 5 | "spec.analysis" must validate one and only one schema (oneOf). Found 2 valid alternatives
            provider: nginx          | provider: ngnix           | spec.provider: Unsupported value: "ngnix": supported values: "apisix", "appmesh"
            kind: Deployment         | kind: StatefulSet         | spec.targetRef.kind: Unsupported value: "StatefulSet": supported values: "DaemonSet", "Deployment", "Service"
            port: 80                 | portName: http            | spec.service.port: Required value
            maxWeight: 50            | maxWeigth: 50             | unknown field "spec.analysis.maxWeigth"
            """)
    void saysWhatIsWrongWithACanary(String right, String wrong, String message) {
        String canary = Manifests.read("canary.yaml", Map.of()).replace(right, wrong);

        Program refused = cluster.kubectlWith(canary, "apply", "-f", "-");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains(message);
        assertThat(cluster.kubectlWith("", "get", "canary", "shop").exit()).isEqualTo(1);
    }

    /** So that no chart that has them takes all Canaries with it when it goes. */
    @Test
    void saysToHelmThatTheyStay() {
        assertThat(cluster.kubectl(
                        "get",
                        "crd",
                        "canaries.flagger.app",
                        "metrictemplates.flagger.app",
                        "alertproviders.flagger.app",
                        "-o",
                        "jsonpath={.items[*].metadata.annotations.helm\\.sh/resource-policy}"))
                .isEqualTo("keep keep keep");
    }

    @Test
    void explainsTheirFields() {
        assertThat(cluster.kubectl("explain", "canary.spec.analysis", "--recursive"))
                .contains("stepWeightPromotion", "sessionAffinity", "cookieName\t<string> -required-", "templateRef");
        assertThat(cluster.kubectl("explain", "canary.spec.analysis.webhooks.type"))
                .contains("ENUM:\n    \"\"\n    confirm-rollout\n");
    }
}
