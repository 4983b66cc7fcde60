package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.ingress.IngressReading.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedAnnotationsTest {
    private static IngressReading read(String value) {
        return IngressReader.read(ManifestFiles.parse("test.yaml", """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  annotations: {nginx.ingress.kubernetes.io/enable-access-log: "%s"}
                """.formatted(value))
                .ingresses()
                .getFirst());
    }

    private static boolean logged(IngressReading reading) {
        return reading.role() instanceof Role.Primary primary
                && primary.policy().observed().logged();
    }

    @Test
    void keepsRequestsOutOfTheAccessLog() {
        assertThat(logged(read("false"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "no"})
    void logsRequestsUnlessToldNotTo(String value) {
        assertThat(logged(read(value))).isTrue();
    }
}
