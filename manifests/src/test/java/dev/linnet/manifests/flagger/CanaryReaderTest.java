package dev.linnet.manifests.flagger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.OnTrouble;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.plan.TargetKind;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryReaderTest {
    private static final String START = """
            provider: nginx
            targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
            ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}
            service: {port: 80, targetPort: 9898}
            """;

    private static final String ANALYSIS = "analysis: {interval: 1m, threshold: 1, stepWeight: 10}";
    private static final String KNATIVE = """
            provider: knative
            targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: podinfo}
            """;

    @Test
    void readsAWeightedRelease() throws Exception {
        CanaryPlan plan = read(START + """
                progressDeadlineSeconds: 60
                autoscalerRef: {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: podinfo}
                analysis:
                  interval: 1m30s
                  threshold: 10
                  maxWeight: 50
                  stepWeight: 5
                  metrics:
                    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                    - {name: request-duration, threshold: 500}
                  webhooks:
                    - {name: load, url: "http://tester.test/", timeout: 5s, metadata: {cmd: hey}}
                    - {name: gate, type: confirm-promotion, url: "http://tester.test/gate/check"}
                """);

        assertThat(plan.release().analysis().strategy())
                .isInstanceOfSatisfying(
                        Strategy.Weighted.class,
                        weighted -> assertThat(weighted.steps()).isEqualTo(new Steps(5, List.of(), 50)));
        assertThat(plan.release().analysis().checks().interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(plan.release().analysis().checks().threshold()).isEqualTo(10);
        assertThat(plan.release().analysis().checks().metrics())
                .satisfiesExactly(
                        rate -> {
                            assertThat(rate.source()).isEqualTo(new Source.SuccessRate());
                            assertThat(rate.range()).isEqualTo(Range.atLeast(99));
                        },
                        duration -> assertThat(duration.range()).isEqualTo(Range.atMost(500)));
        assertThat(plan.release().analysis().hooks())
                .extracting(hook -> hook.type() + " " + hook.call().timeout())
                .containsExactly("rollout PT5S", "confirm-promotion PT10S");
        assertThat(plan.release().analysis().hooks(HookType.ROLLOUT).getFirst().metadata())
                .isEqualTo(Map.of("cmd", "hey"));
        assertThat(plan.release().options().progressDeadline()).isEqualTo(Duration.ofMinutes(1));
        assertThat(plan.scaler()).isPresent();
        assertThat(plan.service().targetPort().getIntVal()).isEqualTo(9898);
    }

    @Test
    void iterationsWithAMatchAreAnAbTestAndWithoutOneBlueGreen() throws Exception {
        String iterations = START + "analysis: {interval: 1m, threshold: 1, iterations: 10";
        assertThat(read(iterations + ", match: [{headers: {x-canary: {exact: insider}}}]}")
                        .release()
                        .analysis()
                        .strategy())
                .isEqualTo(new Strategy.AbTest(10));
        assertThat(read(iterations + "}").release().analysis().strategy()).isInstanceOf(Strategy.BlueGreen.class);
    }

    @Test
    void readsPoliciesOfAnnotations() throws Exception {
        ObjectMeta metadata = new ObjectMetaBuilder(metadata())
                .addToAnnotations("linnet.dev/on-no-traffic", "hold")
                .addToAnnotations("linnet.dev/fast-abort", "false")
                .build();
        CanaryPlan plan = CanaryReader.read(
                metadata, spec(START + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}"), "nginx");
        assertThat(plan.release().analysis().checks().trouble().noTraffic()).isEqualTo(OnTrouble.HOLD);
        assertThat(plan.release().analysis().checks().trouble().noData()).isEqualTo(OnTrouble.FAIL);
        assertThat(plan.release().options().fastAbort()).isFalse();
    }

    @Test
    void saysWhatIsWrongAndWhatWouldBeRight() {
        refuses(
                START.replace("nginx", "traefik") + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}",
                "provider traefik is not here yet"
                        + " (expected: nginx with an ingressRef, whose Ingress Linnet's gateway serves)");
        refuses(
                START.replace("port: 80,", "port: 0,") + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}",
                "service.port is 0 (expected: 1 to 65535)");
        refuses(START, "analysis is missing (expected: interval, threshold and steps or iterations)");
        refuses(
                START.replace("Deployment", "StatefulSet") + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}",
                "targetRef.kind is StatefulSet (expected: Deployment, DaemonSet or Service)");
        refuses(
                START.replace("Deployment", "Service") + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}",
                "targetRef.kind is Service (expected with provider nginx: Deployment or DaemonSet)");
        refuses(
                START.replace("nginx", "istio").replace("port: 80,", "port: 80, appProtocol: TCP,")
                        + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}",
                "service.appProtocol is tcp (expected with provider istio: HTTP, since shares of connections are not here"
                        + " yet)");
    }

    /** Only of Knative Services nothing needs to be said of ports. */
    @Test
    void readsACanaryOfAKnativeService() throws Exception {
        CanaryPlan plan = read(KNATIVE + ANALYSIS);

        assertThat(plan.release().kind()).isEqualTo(TargetKind.KNATIVE);
        assertThat(plan.release().routing().provider()).isEqualTo("knative");
        assertThat(plan.isSeenByGateways()).isFalse();
        assertThat(plan.measuring().route()).isEqualTo("podinfo");
        assertThat(plan.measuring("podinfo-00002").measuring().route()).isEqualTo("podinfo-00002");
    }

    @Test
    void knativeIsProviderAndTargetOrNeither() {
        refuses(
                KNATIVE.replace("provider: knative", "provider: istio") + ANALYSIS,
                "provider is istio (expected with a Knative Service as target: knative)");
        refuses(
                KNATIVE.replace("serving.knative.dev/v1, kind: Service", "apps/v1, kind: Deployment") + ANALYSIS,
                "targetRef is apps/v1/Deployment (expected with provider knative: serving.knative.dev/v1/Service)");
        refuses(
                KNATIVE.replace("kind: Service", "kind: Deployment") + ANALYSIS,
                "targetRef.kind is Deployment (expected of serving.knative.dev: Service)");
        refuses(
                KNATIVE + "autoscalerRef: {kind: HorizontalPodAutoscaler, name: podinfo}\n" + ANALYSIS,
                "autoscalerRef is there (expected with a Knative Service as target: none, since Knative scales its"
                        + " revisions)");
    }

    @Test
    void refusesOneCookieForBothVersions() {
        refuses(
                START + """
                analysis:
                  interval: 1m
                  threshold: 1
                  stepWeight: 10
                  sessionAffinity: {cookieName: c, primaryCookieName: c}
                """,
                "analysis.sessionAffinity.primaryCookieName is c, as cookieName is (expected: another name)");
    }

    /** Everything that Flagger's schema accepts is either here, or says what to use instead. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "traefik | nginx with an ingressRef",
                "contour | nginx with an ingressRef",
                "gloo | nginx with an ingressRef",
                "skipper | nginx with an ingressRef",
                "apisix | nginx with an ingressRef",
                "linkerd | gatewayapi:v1 with a Service as gatewayRef",
                "kuma | kubernetes for Blue/Green",
                "osm | kubernetes for Blue/Green",
                "smi:v1alpha1 | kubernetes for Blue/Green",
                "smi:v1alpha2 | kubernetes for Blue/Green",
                "smi:v1alpha3 | kubernetes for Blue/Green",
                "appmesh | has ended",
                "appmesh:v1beta2 | has ended"
            })
    void namesWhatToUseInsteadOfAProviderThatIsNotHere(String provider, String instead) {
        assertThatExceptionOfType(UnreadableCanary.class)
                .isThrownBy(() -> read(START.replace("provider: nginx", "provider: " + provider)
                        + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}"))
                .withMessageContaining("provider " + provider + " ")
                .withMessageContaining(instead);
    }

    @Test
    void takesTheOlderNameOfGatewayApiForTheNewerOne() throws Exception {
        CanaryPlan plan = read(START.replace("provider: nginx", "provider: gatewayapi:v1beta1")
                + "analysis: {interval: 1m, threshold: 1, stepWeight: 10}");
        assertThat(plan.release().routing())
                .isEqualTo(Providers.named("gatewayapi:v1").orElseThrow());
    }

    private static void refuses(String spec, String message) {
        assertThatExceptionOfType(UnreadableCanary.class)
                .isThrownBy(() -> read(spec))
                .withMessage(message);
    }

    private static CanaryPlan read(String spec) throws Exception {
        return CanaryReader.read(metadata(), spec(spec), "nginx");
    }

    private static JsonNode spec(String yaml) throws Exception {
        return new YAMLMapper().readTree(yaml);
    }

    private static ObjectMeta metadata() {
        return new ObjectMetaBuilder().withName("podinfo").withNamespace("test").build();
    }
}
