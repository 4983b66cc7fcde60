package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.LegacyManifests;
import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.routing.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IngressCheckTest {
    private static List<ObjectReport> check(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        assertThat(manifests.mistakes()).isEmpty();
        return IngressCheck.ingresses(
                manifests.ingresses(),
                manifests.ingressClasses(),
                ClassSettings.DEFAULT.watchIngressWithoutClass(),
                Surroundings.of(manifests.configMaps()));
    }

    private static String ingress(String... annotations) {
        return """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  annotations:
                    %s
                spec:
                  rules:
                    - host: shop.example.com
                      http:
                        paths:
                          - path: /
                            pathType: Prefix
                            backend: {service: {name: web, port: {number: 80}}}
                """.formatted(String.join("\n    ", annotations));
    }

    @Test
    void namesEachAnnotationAndWhatBecomesOfIt() {
        List<ObjectReport> reports = check(ingress(
                "nginx.ingress.kubernetes.io/proxy-read-timeout: '5'",
                "nginx.ingress.kubernetes.io/client-body-buffer-size: 16k",
                "nginx.ingress.kubernetes.io/secure-backends: 'true'",
                "nginx.ingress.kubernetes.io/server-snippet: 'return 403;'",
                "ingress.kubernetes.io/rewrite-target: /",
                "cert-manager.io/issuer: x"));

        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report.findings())
                        .extracting(Finding::what, Finding::standing)
                        .map(Object::toString)
                        .containsExactly(
                                "(\"cert-manager.io/issuer\", FOREIGN)",
                                "(\"ingress.kubernetes.io/rewrite-target\", NOT_OBEYED)",
                                "(\"nginx.ingress.kubernetes.io/client-body-buffer-size\", DIFFERS)",
                                "(\"nginx.ingress.kubernetes.io/proxy-read-timeout\", OBEYED)",
                                "(\"nginx.ingress.kubernetes.io/secure-backends\", GONE)",
                                "(\"nginx.ingress.kubernetes.io/server-snippet\", NOT_OBEYED)"));
    }

    @Test
    void saysWhatIsWrongWithAValue() {
        List<ObjectReport> reports = check(ingress("nginx.ingress.kubernetes.io/proxy-read-timeout: 5s"));

        assertThat(reports.getFirst().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.standing()).isEqualTo(Standing.NOT_OBEYED);
            assertThat(finding.words()).startsWith("is \"5s\" (expected: seconds");
        });
    }

    @Test
    void saysWhatAnObjectMissesAmongItsNeighbours() {
        List<ObjectReport> reports = check(ingress("nginx.ingress.kubernetes.io/canary: 'true'"));

        assertThat(reports.getFirst().findings())
                .extracting(Finding::what)
                .anyMatch(what -> what.startsWith("spec.rules[0]"));
    }

    @Test
    void knowsTheConfigMapsThatAnIngressNames() {
        List<ObjectReport> reports = check(ingress("nginx.ingress.kubernetes.io/custom-headers: more") + """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: more}
                data: {X-More: "yes"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
                data: {global-allowed-response-headers: X-More}
                """);

        assertThat(reports.getFirst().findings())
                .singleElement()
                .extracting(Finding::standing)
                .isEqualTo(Standing.DIFFERS);
    }

    @Test
    void leavesOtherControllersAlone() {
        List<ObjectReport> reports = check(ingress("kubernetes.io/ingress.class: traefik"));

        assertThat(reports.getFirst().ours()).isFalse();
        assertThat(reports.getFirst().findings()).isEmpty();
    }

    @Test
    void judgesTheConfigMapAndALeftOverWebhook() {
        ObjectReport options = IngressCheck.options(
                new ObjectRef("ConfigMap", "ingress-nginx", "ingress-nginx-controller"),
                _ -> Optional.of(
                        Map.of("disable-access-log", "true", "proxy-body-size", "8 megs", "worker-processes", "4")));

        assertThat(options.findings())
                .extracting(Finding::standing)
                .containsExactly(Standing.OBEYED, Standing.NOT_OBEYED, Standing.NOT_OBEYED);
        assertThat(options.findings().get(1).words()).startsWith("is \"8 megs\" (expected: ");
        assertThat(IngressCheck.isLeftOver("ingress-nginx-admission")).isTrue();
        assertThat(IngressCheck.leftOver("ingress-nginx-admission")
                        .findings()
                        .getFirst()
                        .words())
                .contains("kubectl delete validatingwebhookconfiguration ingress-nginx-admission");
    }

    @Test
    void convertsLegacyManifests() {
        String converted = LegacyManifests.convert("""
                apiVersion: extensions/v1beta1
                kind: Ingress
                metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/canary-weight: "10"}}
                spec:
                  rules:
                    - http: {paths: [{backend: {serviceName: web, servicePort: 80}}]}
                ---
                apiVersion: autoscaling/v2beta1
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  maxReplicas: 3
                  metrics:
                    - type: Resource
                      resource: {name: cpu, targetAverageUtilization: 80}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                """);

        assertThat(converted).isEqualTo("""
                ---
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  annotations:
                    nginx.ingress.kubernetes.io/canary-weight: "10"
                spec:
                  rules:
                    - http:
                        paths:
                          - backend:
                              service:
                                name: web
                                port:
                                  number: 80
                            pathType: ImplementationSpecific
                ---
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata:
                  name: web
                spec:
                  maxReplicas: 3
                  metrics:
                    - type: Resource
                      resource:
                        name: cpu
                        target:
                          averageUtilization: 80
                          type: Utilization
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                """);
    }

    @Test
    void tellsOfWhatNobodyAsksForWithoutAuthUrl() {
        assertThat(check(ingress("nginx.ingress.kubernetes.io/auth-signin: https://login.example.com/")))
                .singleElement()
                .satisfies(report -> assertThat(report.findings())
                        .singleElement()
                        .satisfies(finding -> {
                            assertThat(finding.standing()).isEqualTo(Judgement.Standing.NOT_OBEYED);
                            assertThat(finding.words()).isEqualTo("has no effect without auth-url (expected: both)");
                        }));
    }
}
