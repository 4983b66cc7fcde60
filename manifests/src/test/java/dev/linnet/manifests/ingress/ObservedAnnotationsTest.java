package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.policy.Observed;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedAnnotationsTest {
    private static final String NGINX = "nginx.ingress.kubernetes.io/";

    private static IngressReading read(String annotations) {
        return IngressReader.read(ingress(annotations));
    }

    private static Ingress ingress(String annotations) {
        return ManifestFiles.parse("test.yaml", """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  annotations: {%s}
                """.formatted(annotations))
                .ingresses()
                .getFirst();
    }

    private static Observed observed(String annotation, String value) {
        return observed(read(NGINX + annotation + ": \"" + value + "\""));
    }

    private static Observed observed(IngressReading reading) {
        return ((Role.Primary) reading.role()).policy().observed();
    }

    @Test
    void keepsRequestsOutOfTheAccessLog() {
        assertThat(observed("enable-access-log", "false").logged()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "no"})
    void logsRequestsUnlessToldNotTo(String value) {
        assertThat(observed("enable-access-log", value).logged()).isTrue();
    }

    @Test
    void saysOfSpansWhatIsDifferent() {
        assertThat(observed("enable-access-log", "true").traced()).isEqualTo(Observed.Traced.USUALLY);
        assertThat(observed("enable-opentelemetry", "true").traced().on()).contains(true);
        assertThat(observed("opentelemetry-trust-incoming-span", "false")
                        .traced()
                        .trustsCallers())
                .contains(false);
        assertThat(observed("opentelemetry-operation-name", "GET $service_name")
                        .traced()
                        .operation())
                .map(Object::toString)
                .contains("GET $service_name");
    }

    @Test
    void tellsOfSpansThatNobodyWouldGet() {
        assertThat(read(NGINX + "enable-opentelemetry: \"true\"").problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("names no collector (expected: its otlp-collector-host");
        assertThat(read(NGINX + "enable-opentelemetry: \"false\"").problems()).isEmpty();
    }

    @Test
    void readsIngressesAnewOnceThereIsACollector() {
        GlobalOptions with = GlobalOptionsReader.read(
                        new ObjectRef("ConfigMap", "ops", "options"),
                        Map.of("otlp-collector-host", "collector"),
                        ConfigMaps.NONE)
                .options();

        assertThat(with.saysTheSameOfIngresses(GlobalOptions.DEFAULT)).isFalse();
        assertThat(with.saysTheSameOfIngresses(with)).isTrue();
        assertThat(IngressReader.read(ingress(NGINX + "enable-opentelemetry: \"true\""), with, ConfigMaps.NONE)
                        .problems())
                .isEmpty();
    }

    @Test
    void tellsOfANameThatCannotBeMade() {
        IngressReading reading = read(NGINX + "opentelemetry-operation-name: $nonsense");

        assertThat(observed(reading).traced().operation()).isEqualTo(Optional.empty());
        assertThat(reading.problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .startsWith("is \"$nonsense\" (expected: a text");
    }
}
