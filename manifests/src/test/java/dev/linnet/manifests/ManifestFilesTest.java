package dev.linnet.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestFilesTest {
    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
            """;

    @Test
    void readsDocumentsListsAndJsonAndLeavesOtherKindsOut() {
        Manifests manifests = ManifestFiles.parse("all.yaml", """
                # only a comment
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                ---
                apiVersion: v1
                kind: List
                items:
                  - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {ports: [{port: 80}]}}
                  - {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: x}}
                ---
                {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"}}
                """);

        assertThat(manifests.mistakes()).isEmpty();
        assertThat(manifests.services()).hasSize(1);
        assertThat(manifests.ingressClasses()).hasSize(1);
        assertThat(manifests.ingresses())
                .extracting(ingress -> ingress.getMetadata().getNamespace())
                .containsExactly("default");
    }

    @Test
    void namesFileDocumentAndLineOfAnUnquotedAnnotation() {
        assertThat(mistakes(INGRESS + "---\n" + INGRESS + """
                          annotations:
                            kubernetes.io/ingress.class: nginx
                            nginx.ingress.kubernetes.io/canary: true
                        """))
                .containsExactly(
                        "web.yaml, document 2, line 12: metadata.annotations.nginx.ingress.kubernetes.io/canary is"
                                + " true (expected: \"true\" in quotes)");
    }

    @Test
    void wantsNumbersWithoutQuotesAndListsWhereListsBelong() {
        assertThat(mistakes(INGRESS + """
                        spec:
                          defaultBackend:
                            service:
                              name: web
                              port:
                                number: "80"
                        """))
                .containsExactly("web.yaml, document 1, line 10: spec.defaultBackend.service.port.number is \"80\""
                        + " (expected: a whole number without quotes)");
        assertThat(mistakes(INGRESS + "spec:\n  rules:\n    host: shop.example.com\n"))
                .containsExactly("web.yaml, document 1, line 6: spec.rules is a mapping (expected: a list)");
        assertThat(mistakes(INGRESS + "spec:\n  rules:\n    - shop.example.com\n"))
                .containsExactly(
                        "web.yaml, document 1, line 7: spec.rules.0 is \"shop.example.com\" (expected: a mapping)");
    }

    @Test
    void usesTheGoodDocumentsBesideABadOne() {
        Manifests manifests = ManifestFiles.parse("web.yaml", INGRESS + "---\nhello: world\n---\n" + INGRESS);

        assertThat(manifests.ingresses()).hasSize(2);
        assertThat(manifests.mistakes().toString())
                .contains("web.yaml, document 2, line 6: is no Kubernetes object (expected: apiVersion and kind)");
    }

    @Test
    void saysWhereTheTextIsNoYaml() {
        assertThat(mistakes(INGRESS + "---\nmetadata: {name: web\n"))
                .singleElement()
                .asString()
                .startsWith("web.yaml, document 2, line 7: is no YAML: ");
        assertThat(mistakes(INGRESS + "  name: again\n"))
                .containsExactly("web.yaml, document 1, line 5: is no YAML: name is written twice (expected: once)");
    }

    @Test
    void wantsNamesAndVersionsThatExist() {
        assertThat(mistakes("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {namespace: shop}\n"))
                .containsExactly(
                        "web.yaml, document 1, line 3: metadata.name is missing (expected: the name of the Ingress)");
        assertThat(mistakes("apiVersion: apps/v1\nkind: Ingress\nmetadata: {name: web}\n"))
                .containsExactly("web.yaml, document 1, line 1: apiVersion of Ingress is apps/v1"
                        + " (expected: networking.k8s.io/v1)");
    }

    @Test
    void keepsTheLineOfAConvertedIngress() {
        assertThat(mistakes("""
                        apiVersion: extensions/v1beta1
                        kind: Ingress
                        metadata: {name: web}
                        spec:
                          rules:
                            - http:
                                paths:
                                  - backend:
                                      serviceName: [web]
                                      servicePort: 80
                        """))
                .containsExactly(
                        "web.yaml, document 1, line 8: spec.rules.0.http.paths.0.backend.service.name is a list"
                                + " (expected: text)");
    }

    @Test
    void convertsOldIngressesAndKeepsNewOnes() {
        Manifests manifests = ManifestFiles.parse("old.yaml", """
                apiVersion: networking.k8s.io/v1beta1
                kind: Ingress
                metadata: {name: old}
                spec:
                  backend: {serviceName: rest, servicePort: http}
                  rules:
                    - http:
                        paths:
                          - {path: /a, backend: {serviceName: a, servicePort: 80}}
                          - {path: /b, pathType: Exact, backend: {resource: {kind: Bucket, name: b}}}
                """);

        Ingress ingress = manifests.ingresses().getFirst();
        assertThat(ingress.getApiVersion()).isEqualTo("networking.k8s.io/v1");
        assertThat(ingress.getSpec().getDefaultBackend().getService().getPort().getName())
                .isEqualTo("http");
        var paths = ingress.getSpec().getRules().getFirst().getHttp().getPaths();
        assertThat(paths.getFirst().getPathType()).isEqualTo("ImplementationSpecific");
        assertThat(paths.getFirst().getBackend().getService().getPort().getNumber())
                .isEqualTo(80);
        assertThat(paths.get(1).getPathType()).isEqualTo("Exact");
        assertThat(paths.get(1).getBackend().getResource().getKind()).isEqualTo("Bucket");
    }

    @Test
    void followsAnchors() {
        Manifests manifests = ManifestFiles.parse("anchors.yaml", """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: &name web, labels: {app: *name}}
                """);

        assertThat(manifests.ingresses().getFirst().getMetadata().getLabels()).containsEntry("app", "web");
    }

    @Test
    void readsDirectoriesInOrderAndMissesWhatIsNotThere(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("b.yaml"), INGRESS.replace("web", "b"));
        Files.writeString(dir.resolve("a.yml"), INGRESS.replace("web", "a"));
        Files.writeString(dir.resolve("notes.txt"), "not: [read");
        Files.createDirectory(dir.resolve("empty"));

        Manifests manifests = ManifestFiles.read(
                List.of(dir, dir.resolve("empty"), dir.resolve("c.yaml"), Path.of("-")),
                new ByteArrayInputStream(INGRESS.replace("web", "said").getBytes(StandardCharsets.UTF_8)));

        assertThat(manifests.ingresses())
                .extracting(ingress -> ingress.getMetadata().getName())
                .containsExactly("a", "b", "said");
        assertThat(manifests.mistakes())
                .extracting(Mistake::toString)
                .containsExactly(
                        dir.resolve("empty") + ": holds no manifests (expected: .yaml, .yml or .json)",
                        dir.resolve("c.yaml") + ": does not exist");
    }

    private static List<String> mistakes(String text) {
        return ManifestFiles.parse("web.yaml", text).mistakes().stream()
                .map(Mistake::toString)
                .toList();
    }
}
