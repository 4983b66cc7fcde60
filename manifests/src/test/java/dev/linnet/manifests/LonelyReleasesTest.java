package dev.linnet.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.flagger.CanaryCheck;
import dev.linnet.manifests.ingress.ObjectReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code linnet check} says of Canaries that are to be released together. */
final class LonelyReleasesTest {
    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: NAME, namespace: shop, annotations: {linnet.dev/release: "RELEASE"}}
            spec:
              provider: PROVIDER
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}
              service: {port: 80}
              analysis: {interval: 1m, threshold: 1, maxWeight: 50, stepWeight: 10}
            ---
            """;

    private static String canary(String name, String release, String provider) {
        return CANARY.replace("NAME", name).replace("RELEASE", release).replace("PROVIDER", provider);
    }

    private static List<String> check(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        LonelyReleases lonely = new LonelyReleases(manifests.objects());
        return manifests.canaries().stream()
                .map(canary -> lonely.with(CanaryCheck.canary(canary, "istio")))
                .map(LonelyReleasesTest::findings)
                .toList();
    }

    private static String findings(ObjectReport report) {
        return report.object().name() + ": "
                + String.join(
                        "; ",
                        report.findings().stream()
                                .filter(finding -> !finding.words().isEmpty())
                                .map(finding -> finding.standing() + " " + finding.what() + " " + finding.words())
                                .toList());
    }

    @Test
    void isContentWithSeveralOfOneName() {
        assertThat(check(canary("frontend", "checkout", "istio") + canary("backend", "checkout", "istio")))
                .containsExactly("frontend: ", "backend: ");
    }

    @Test
    void namesTheOneThatIsAlone() {
        assertThat(check(canary("frontend", "checkout", "istio") + canary("backend", "chekout", "istio")))
                .first()
                .asString()
                .isEqualTo(
                        "frontend: DIFFERS metadata.annotations[linnet.dev/release] is checkout, and no other object of"
                                + " namespace shop here says so (expected: the same on all that is released together)");
    }

    @Test
    void saysWhereANameDoesNothing() {
        assertThat(check(canary("frontend", "check out", "istio") + canary("backend", "checkout", "kubernetes")))
                .first()
                .asString()
                .startsWith(
                        "frontend: NOT_OBEYED metadata.annotations[linnet.dev/release] is \"check out\" (expected: ");
        assertThat(check(canary("backend", "checkout", "kubernetes")))
                .first()
                .asString()
                .contains("NOT_OBEYED metadata.annotations[linnet.dev/release] has no effect with provider kubernetes");
    }
}
