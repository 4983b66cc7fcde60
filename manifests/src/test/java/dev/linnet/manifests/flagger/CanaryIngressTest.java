package dev.linnet.manifests.flagger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Match.Text;
import dev.linnet.rollout.plan.Match.Text.Kind;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The Ingress that provider {@code nginx} writes, as Flagger's users know it. */
class CanaryIngressTest {
    private static final String PREFIX = "nginx.ingress.kubernetes.io";
    private static final CanaryIngress WANTED =
            new CanaryIngress(new Names("podinfo", "test", "podinfo", "podinfo"), PREFIX);

    @Test
    void beginsAsACopyOfTheOriginalThatGetsNoRequests() throws Exception {
        Ingress canary = WANTED.create(original("podinfo"), new OwnerReference());

        assertThat(canary.getMetadata().getName()).isEqualTo("web-canary");
        assertThat(canary.getMetadata().getLabels()).isEqualTo(Map.of("app", "podinfo"));
        assertThat(canary.getMetadata().getAnnotations())
                .isEqualTo(Map.of(
                        "kubernetes.io/ingress.class",
                        "nginx",
                        "kustomize.toolkit.fluxcd.io/reconcile",
                        "disabled",
                        "helm.toolkit.fluxcd.io/driftDetection",
                        "disabled",
                        PREFIX + "/canary",
                        "true",
                        PREFIX + "/canary-weight",
                        "0"));
        assertThat(canary.getSpec()
                        .getRules()
                        .getFirst()
                        .getHttp()
                        .getPaths()
                        .getFirst()
                        .getBackend()
                        .getService()
                        .getName())
                .isEqualTo("podinfo-canary");
        assertThat(original("podinfo")).as("untouched").isEqualTo(original("podinfo"));
    }

    @Test
    void refusesAnIngressThatDoesNotRouteToTheService() {
        assertThatExceptionOfType(UnreadableCanary.class)
                .isThrownBy(() -> WANTED.create(original("other"), new OwnerReference()))
                .withMessage("backend podinfo not found in ingress web");
    }

    @Test
    void givesTheCanaryItsShare() {
        assertThat(WANTED.annotations(new Traffic.Split(20), List.of()))
                .isEqualTo(Map.of(PREFIX + "/canary", "true", PREFIX + "/canary-weight", "20"));
    }

    @Test
    void sendsAnAudienceByHeaderAndCookie() {
        List<Match> audience = List.of(
                new Match(Map.of("x-canary", new Text(Kind.EXACT, "insider")), Map.of(), Map.of()),
                new Match(Map.of("cookie", new Text(Kind.EXACT, "canary")), Map.of(), Map.of()));
        assertThat(WANTED.annotations(new Traffic.Audience(100), audience))
                .isEqualTo(Map.of(
                        PREFIX + "/canary", "true",
                        PREFIX + "/canary-weight", "0",
                        PREFIX + "/canary-by-header", "x-canary",
                        PREFIX + "/canary-by-header-value", "insider",
                        PREFIX + "/canary-by-cookie", "canary"));
    }

    @Test
    void readsBackWhatSomebodyHasWritten() {
        assertThat(WANTED.share(withAnnotations(Map.of(PREFIX + "/canary-weight", "35")), false))
                .isEqualTo(Optional.of(35));
        assertThat(WANTED.share(withAnnotations(Map.of(PREFIX + "/canary-weight", "much")), false))
                .isEmpty();
        assertThat(WANTED.share(withAnnotations(Map.of(PREFIX + "/canary-by-header", "x")), true))
                .isEqualTo(Optional.of(100));
    }

    private static Ingress withAnnotations(Map<String, String> annotations) {
        return new IngressBuilder()
                .withNewMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }

    private static Ingress original(String service) {
        return new IngressBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("test")
                .addToLabels("app", "podinfo")
                .addToAnnotations("kubernetes.io/ingress.class", "nginx")
                .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", "{}")
                .endMetadata()
                .withNewSpec()
                .addNewRule()
                .withHost("app.example.com")
                .withNewHttp()
                .addNewPath()
                .withPath("/")
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(service)
                .withNewPort()
                .withNumber(80)
                .endPort()
                .endService()
                .endBackend()
                .endPath()
                .endHttp()
                .endRule()
                .endSpec()
                .build();
    }
}
