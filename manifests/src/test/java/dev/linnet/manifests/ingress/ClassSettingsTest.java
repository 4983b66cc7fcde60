package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which Ingresses are ours, scenarios CLS-1 and CLS-2 (spec of ingress-nginx, §5.3 and §8.4). */
final class ClassSettingsTest {
    private static final Map<String, String> CLASSES =
            Map.of("nginx", "k8s.io/ingress-nginx", "own", "linnet.dev/gateway", "other", "example.com/other");

    private static final ClassSettings BY_NAME =
            new ClassSettings(ClassSettings.DEFAULT.controllers(), "other", false, true, true);
    private static final ClassSettings NO_CATCH_ALL =
            new ClassSettings(ClassSettings.DEFAULT.controllers(), "nginx", false, false, false);

    private static Ingress of(String... classNames) {
        Ingress ingress = new IngressBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        if (classNames.length > 0) {
            ingress.getSpec().setIngressClassName(classNames[0]);
        }
        return ingress;
    }

    private static Ingress annotated(Ingress ingress, String value) {
        ingress.getMetadata().setAnnotations(Map.of(ClassSettings.CLASS_ANNOTATION, value));
        return ingress;
    }

    private static Ingress withDefaultBackend(Ingress ingress) {
        return new IngressBuilder(ingress)
                .editSpec()
                .withNewDefaultBackend()
                .withNewService()
                .withName("web")
                .endService()
                .endDefaultBackend()
                .endSpec()
                .build();
    }

    private static boolean ours(ClassSettings settings, Ingress ingress) {
        return settings.decide(ingress, CLASSES).ours();
    }

    @Test
    void cls1GoesByTheControllerOfTheClass() {
        assertThat(ours(ClassSettings.DEFAULT, of("nginx"))).isTrue();
        assertThat(ours(ClassSettings.DEFAULT, of("own"))).isTrue();
        assertThat(ours(ClassSettings.DEFAULT, of("other"))).isFalse();
        assertThat(ours(ClassSettings.DEFAULT, of("missing"))).isFalse();
    }

    @Test
    void cls1TheFieldGoesBeforeTheAnnotation() {
        assertThat(ours(ClassSettings.DEFAULT, annotated(of(), "nginx"))).isTrue();
        assertThat(ours(ClassSettings.DEFAULT, annotated(of(), "other"))).isFalse();
        assertThat(ours(ClassSettings.DEFAULT, annotated(of(), ""))).isFalse();
        assertThat(ours(ClassSettings.DEFAULT, annotated(of("other"), "nginx"))).isFalse();
        assertThat(ours(ClassSettings.DEFAULT, annotated(of("nginx"), "other"))).isTrue();
    }

    @Test
    void cls1TakesWhatNamesNoClassOnlyWhereToldTo() {
        assertThat(ours(ClassSettings.DEFAULT, of())).isFalse();
        assertThat(ours(ClassSettings.DEFAULT.watchIngressWithoutClass(), of())).isTrue();
        assertThat(ours(ClassSettings.DEFAULT.watchIngressWithoutClass(), of("other")))
                .isFalse();
    }

    @Test
    void cls1GoesByTheNameOfTheClassOnlyWhereToldTo() {
        assertThat(ours(BY_NAME, of("other"))).isTrue();
        assertThat(ours(BY_NAME, of("nginx"))).as("by its controller").isTrue();
        assertThat(BY_NAME.decide(of("other"), Map.of()).ours())
                .as("a class that does not exist")
                .isFalse();
        ClassSettings onlyOne = new ClassSettings(Set.of("example.com/mine"), "nginx", false, true, true);
        assertThat(ours(onlyOne, of("nginx"))).isTrue();
        assertThat(ours(onlyOne, of("own"))).isFalse();
    }

    @Test
    void cls2LeavesCatchAllsWhereToldTo() {
        Ingress catchAll = withDefaultBackend(of("nginx"));

        assertThat(ours(ClassSettings.DEFAULT, catchAll)).isTrue();
        assertThat(ours(NO_CATCH_ALL, catchAll)).isFalse();
        assertThat(NO_CATCH_ALL.decide(catchAll, CLASSES).reason()).contains("default backend");
        assertThat(ours(NO_CATCH_ALL, of("nginx"))).isTrue();
    }
}
