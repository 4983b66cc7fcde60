package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code linnet check} and {@code linnet convert} over files. */
final class CheckTest {
    private static final String NGINX = "nginx.ingress.kubernetes.io/";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private String ingress(String... annotations) throws Exception {
        Path file = folder.resolve("shop.yaml");
        Files.writeString(file, Manifests.ingress("shop", "shop.example.com", "shop", 80, annotations));
        return file.toString();
    }

    @Test
    void isContentWithWhatIsObeyed() throws Exception {
        Program checked = Linnet.run(
                "check", "-f", ingress("kubernetes.io/ingress.class: nginx", NGINX + "proxy-read-timeout: \"5\""));

        assertThat(checked.ok())
                .contains("Ingress default/shop\n")
                .contains("  obeyed      " + NGINX + "proxy-read-timeout\n")
                .contains("1 objects: 2 settings obeyed, 0 with a difference, 0 not obeyed");
    }

    @Test
    void namesWhatHelpsWhereSomethingIsNotObeyed() throws Exception {
        Program checked =
                Linnet.run("check", "-f", ingress(NGINX + "configuration-snippet: \"more_set_headers 'X-A: b';\""));

        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.out())
                .contains("not obeyed  " + NGINX + "configuration-snippet")
                .contains("custom-headers");
    }

    @Test
    void saysWhatACanaryAsksForThatNobodyHereCanDo() throws Exception {
        Path file = folder.resolve("canary.yaml");
        Files.writeString(file, """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo, namespace: test}
                spec:
                  provider: traefik
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 80}
                  analysis: {interval: 1m, threshold: 1, stepWeight: 10}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: mirrored, namespace: test}
                spec:
                  provider: nginx
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: podinfo}
                  service: {port: 80}
                  analysis: {interval: 1m, threshold: 1, stepWeight: 10, mirror: true}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: hello, namespace: test}
                spec:
                  provider: nginx
                  targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: hello}
                  analysis: {interval: 1m, threshold: 1, stepWeight: 10}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: obeyed, namespace: test, annotations: {linnet.dev/release: all}}
                spec:
                  provider: knative
                  targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: obeyed}
                  analysis:
                    interval: 1m
                    threshold: 1
                    stepWeight: 10
                    metrics: [{name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}]
                ---
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: errors, namespace: test}
                spec:
                  provider: {type: graphite, address: http://graphite}
                  query: "target={{ nmae }}"
                """);

        Program checked = Linnet.run("check", "-f", file.toString());

        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.out())
                .contains(
                        "Canary test/podinfo\n  not obeyed  spec.provider traefik is not here yet (expected: nginx with",
                        "Canary test/mirrored\n  not obeyed  spec.analysis.mirror is true, but provider nginx cannot",
                        "Canary test/hello\n  not obeyed  spec.provider is nginx (expected with a Knative Service as target: knative)",
                        "[linnet.dev/release] has no effect with provider knative, whose requests Linnet's gateways do not deal",
                        "spec.metricsServer: is missing: metrics that are built in need it, or linnet controller -metrics-server",
                        "MetricTemplate test/errors\n  not obeyed  spec.provider.type is graphite, which is not here yet",
                        "  not obeyed  spec.query cannot be read: line 1: function \"nmae\" is not defined");
    }

    @Test
    void saysTheSameAsJson() throws Exception {
        Program checked = Linnet.run("check", "-o", "json", "-f", ingress("ingress.kubernetes.io/rewrite-target: /"));

        JsonNode finding = new ObjectMapper().readTree(checked.out()).at("/objects/0/findings/0");
        assertThat(finding.path("standing").asText()).isEqualTo("notObeyed");
        assertThat(finding.path("words").asText()).contains(NGINX + "rewrite-target");
    }

    @Test
    void knowsTheTrapsOfVirtualServices() throws Exception {
        Path file = folder.resolve("istio.yaml");
        Files.writeString(file, """
                apiVersion: networking.istio.io/v1alpha3
                kind: VirtualService
                metadata: {name: backend}
                spec:
                  hosts: [backend]
                  http:
                  - match: [{}]
                    route: [{destination: {host: backend}}]
                  - match: [{sourceLabels: {version: v2}}]
                    route: [{destination: {host: backend, subset: v2}}]
                """);

        Program checked = Linnet.run("check", "-f", file.toString());

        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.out())
                .contains("VirtualService default/backend")
                .contains("spec.http[1] is never reached: a rule before it takes every request");
    }

    @Test
    void convertsWhatNoServerTakesAnyMore() throws Exception {
        Path file = folder.resolve("old.yaml");
        Files.writeString(file, """
                apiVersion: extensions/v1beta1
                kind: Ingress
                metadata: {name: web}
                spec: {backend: {serviceName: web, servicePort: http}}
                """);

        assertThat(Linnet.run("convert", "-f", file.toString()).ok())
                .contains("apiVersion: networking.k8s.io/v1\n")
                .contains("defaultBackend:\n")
                .contains("name: http\n");
    }

    @Test
    void readsStandardInputAndFolders() throws Exception {
        Path old = Files.createDirectory(folder.resolve("old"));
        String ingress = """
                apiVersion: extensions/v1beta1
                kind: Ingress
                metadata: {name: NAME}
                spec: {rules: [{host: NAME.example.com, http: {paths: [{backend: {serviceName: shop, servicePort: 80}}]}}]}
                """;
        Files.writeString(old.resolve("a.yaml"), ingress.replace("NAME", "first"));
        Files.writeString(old.resolve("b.yml"), ingress.replace("NAME", "second"));

        Program converted = Program.run(
                Linnet.command("convert", "-f", old.toString(), "-f", "-"), Map.of(), ingress.replace("NAME", "third"));
        Program checked = Program.run(Linnet.command("check", "-f", "-"), Map.of(), converted.ok());

        assertThat(converted.out()).containsSubsequence("networking.k8s.io/v1", "first", "second", "third");
        assertThat(checked.ok()).contains("Ingress default/third", "3 objects: ");
    }
}
