package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code linnet explain} over files: no cluster is needed to know where a request would go. */
final class ExplainTest {
    private static final String HOST = "shop.example.com";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void saysWhichVersionAHeaderChoosesAndWhy() throws Exception {
        Program explained =
                Linnet.run("explain", "-f", manifests(), "-H", "X-Beta: always", "http://" + HOST + "/cart");
        assertThat(explained.ok()).contains("shop-next").contains("X-Beta").contains("Ingress default/shop-canary");
    }

    @Test
    void saysTheSameAsJson() throws Exception {
        Program explained = Linnet.run(
                "explain", "-f", manifests(), "-H", "X-Beta: never", "-o", "json", "http://" + HOST + "/cart");
        JsonNode json = new ObjectMapper().readTree(explained.ok());
        assertThat(json.path("backend").asText()).contains("shop").doesNotContain("shop-next");
        assertThat(json.path("steps").size()).isPositive();
    }

    @Test
    void saysWhyNobodyAnswersForAnUnknownHost() throws Exception {
        Program explained = Linnet.run("explain", "-f", manifests(), "http://other.example.com/");
        assertThat(explained.exit()).isEqualTo(1);
        assertThat(explained.out()).contains("404").contains("other.example.com");
    }

    @Test
    void letsTheAddressOfAPodDecide() throws Exception {
        Path file = folder.resolve("guarded.yaml");
        Files.writeString(
                file,
                Manifests.ingress(
                                "shop",
                                HOST,
                                "shop",
                                80,
                                "kubernetes.io/ingress.class: nginx",
                                "nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8")
                        + """
                        ---
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: inside}
                        status: {podIP: 10.1.2.3}
                        ---
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: outside}
                        status: {podIP: 192.0.2.1}
                        """);
        String url = "http://" + HOST + "/";

        Program inside = Linnet.run("explain", "-f", file.toString(), "--from", "default/inside", url);
        Program outside = Linnet.run("explain", "-f", file.toString(), "--from", "default/outside", url);
        Program nowhere = Linnet.run("explain", "-f", file.toString(), "--from", "default/nowhere", url);

        assertThat(inside.ok()).contains("It comes from 10.1.2.3, which is let in.");
        assertThat(outside.exit()).isEqualTo(1);
        assertThat(outside.out()).contains("It comes from 192.0.2.1, which is not let in: 403.");
        assertThat(nowhere.exit()).isEqualTo(2);
        assertThat(nowhere.err()).contains("--from is 'default/nowhere' (expected: ");
    }

    @Test
    void letsThePodThatCallsDecideInsideTheCluster() throws Exception {
        Path file = folder.resolve("mesh.yaml");
        Files.writeString(file, """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: backend}
                spec:
                  host: backend
                  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: backend}
                spec:
                  hosts: [backend]
                  http:
                  - match: [{sourceLabels: {app: frontend, version: v2}}]
                    route: [{destination: {host: backend, subset: v2}}]
                  - route: [{destination: {host: backend, subset: v1}}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: front-1, labels: {app: frontend, version: v1}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: front-2, labels: {app: frontend, version: v2}}
                """);

        Program first = Linnet.run("explain", "-f", file.toString(), "--from", "default/front-1", "http://backend/");
        Program second = Linnet.run("explain", "-f", file.toString(), "--from", "default/front-2", "http://backend/");

        assertThat(first.ok())
                .contains("Goes to default/backend:80 subset v1")
                .contains("it is for from app=frontend,version=v2");
        assertThat(second.ok())
                .contains("Goes to default/backend:80 subset v2")
                .contains("It comes from default/front-2 with labels {app=frontend, version=v2}.");
    }

    private String manifests() throws Exception {
        Path file = folder.resolve("shop.yaml");
        String canary = "nginx.ingress.kubernetes.io/canary: \"true\"";
        Files.writeString(
                file,
                Manifests.ingress("shop", HOST, "shop", 80, "kubernetes.io/ingress.class: nginx")
                        + Manifests.ingress(
                                "shop-canary",
                                HOST,
                                "shop-next",
                                80,
                                "kubernetes.io/ingress.class: nginx",
                                canary,
                                "nginx.ingress.kubernetes.io/canary-by-header: X-Beta"));
        return file.toString();
    }
}
