package dev.linnet.manifests.flagger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.rollout.plan.MetricCheck;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What metric stores are asked, word by word. */
final class MetricQueriesTest {

    @Test
    void ingressNginxIsAskedForItsCanary() throws Exception {
        CanaryPlan plan = plan("nginx");

        assertThat(MetricQueries.builtIn(plan, check(plan, 0)))
                .isEqualTo("100 * sum(rate(nginx_ingress_controller_requests{namespace=\"test\",ingress=\"web\","
                        + "canary!=\"\",status!~\"5.*\"}[30s])) / sum(rate(nginx_ingress_controller_requests{"
                        + "namespace=\"test\",ingress=\"web\",canary!=\"\"}[30s]))");
        assertThat(MetricQueries.builtIn(plan, check(plan, 1)))
                .isEqualTo("1000 * sum(rate(nginx_ingress_controller_response_duration_seconds_sum{"
                        + "namespace=\"test\",ingress=\"web\",canary!=\"\"}[1m])) / "
                        + "sum(rate(nginx_ingress_controller_response_duration_seconds_count{"
                        + "namespace=\"test\",ingress=\"web\",canary!=\"\"}[1m]))");
        assertThat(MetricQueries.presence(plan)).isEqualTo("count(nginx_ingress_controller_requests)");
    }

    @Test
    void podsAreAskedWhereNobodyRoutes() throws Exception {
        CanaryPlan plan = plan("kubernetes");
        String pods = "kubernetes_namespace=\"test\",kubernetes_pod_name=~\"podinfo-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)\"";

        assertThat(MetricQueries.builtIn(plan, check(plan, 0)))
                .isEqualTo("100 * sum(rate(http_request_duration_seconds_count{" + pods + ",status!~\"5.*\"}[30s]))"
                        + " / sum(rate(http_request_duration_seconds_count{" + pods + "}[30s]))");
        assertThat(MetricQueries.builtIn(plan, check(plan, 1)))
                .isEqualTo("1000 * histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{"
                        + pods + "}[1m])))");
    }

    /** Its primary's Pods, podinfo-primary-x7k2p, must not be taken for the canary's, podinfo-x7k2p. */
    @Test
    void podsOfADaemonSetAreItsOwn() throws Exception {
        CanaryPlan plan = plan("kubernetes", "{apiVersion: apps/v1, kind: DaemonSet, name: podinfo}");
        String query = MetricQueries.builtIn(plan, check(plan, 0));
        Matcher name = Pattern.compile("kubernetes_pod_name=~\"(.*?)\"").matcher(query);

        assertThat(name.find()).isTrue();
        assertThat("podinfo-x7k2p").matches(name.group(1));
        assertThat("podinfo-primary-x7k2p").doesNotMatch(name.group(1));
    }

    @Test
    void theEnvoysOfKnativeAreAskedForTheRevision() throws Exception {
        CanaryPlan plan = knative().measuring("podinfo-00002");
        String cluster = "envoy_cluster_name=~\"test/podinfo-00002\"";

        assertThat(MetricQueries.builtIn(plan, check(plan, 0)))
                .isEqualTo(
                        "100 * sum(rate(envoy_cluster_upstream_rq{" + cluster + ",envoy_response_code!~\"5.*\"}[30s]))"
                                + " / sum(rate(envoy_cluster_upstream_rq{" + cluster + "}[30s]))");
        assertThat(MetricQueries.builtIn(plan, check(plan, 1)))
                .isEqualTo("histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{" + cluster
                        + "}[1m])))");
        assertThat(MetricQueries.presence(plan)).isEqualTo("count(envoy_cluster_upstream_rq)");
        assertThat(MetricQueries.fill("{{ route }}", plan, check(plan, 2))).isEqualTo("podinfo-00002");
    }

    @Test
    void templatesKnowTheCanary() throws Exception {
        CanaryPlan plan = plan("nginx");
        String template = "{{ name }} {{ namespace }} {{ target }} {{ service }} {{ ingress }} {{ route }} "
                + "[{{ interval }}] {{ variables.first }}";

        assertThat(MetricQueries.fill(template, plan, check(plan, 2)))
                .isEqualTo("sunday test podinfo apex web podinfo [90s] 1");
        assertThat(MetricQueries.fill("[{{ interval }}]", plan, check(plan, 3))).isEqualTo("[]");
    }

    private static MetricCheck check(CanaryPlan plan, int index) {
        List<MetricCheck> checks = plan.release().analysis().checks().metrics();
        return checks.get(index);
    }

    private static CanaryPlan knative() throws Exception {
        return plan("knative", "{apiVersion: serving.knative.dev/v1, kind: Service, name: podinfo}");
    }

    private static CanaryPlan plan(String provider) throws Exception {
        return plan(provider, "{apiVersion: apps/v1, kind: Deployment, name: podinfo}");
    }

    private static CanaryPlan plan(String provider, String target) throws Exception {
        String spec = """
                provider: PROVIDER
                targetRef: TARGET
                ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}
                service: {name: apex, port: 80}
                analysis:
                  interval: 1m
                  threshold: 1
                  stepWeight: 10
                  metrics:
                    - {name: request-success-rate, interval: 30s, thresholdRange: {min: 99}}
                    - {name: request-duration, thresholdRange: {max: 500}}
                    - {name: own, interval: 90s, templateRef: {name: own}, templateVariables: {first: "1"}}
                    - {name: unsaid, templateRef: {name: own}}
                """.replace("PROVIDER", provider).replace("TARGET", target);
        return CanaryReader.read(
                new ObjectMetaBuilder().withName("sunday").withNamespace("test").build(),
                new YAMLMapper().readTree(spec),
                "nginx");
    }
}
