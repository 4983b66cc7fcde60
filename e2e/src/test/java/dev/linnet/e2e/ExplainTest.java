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
