package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.routing.Problem;
import dev.linnet.routing.policy.Pace;
import dev.linnet.routing.policy.Persistence;
import dev.linnet.routing.policy.Relay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast answers go, and what endpoints are told of their connections (spec of ingress-nginx, §4.3, §4.4). */
class RelayAnnotationsTest {
    private static IngressReading read(String annotation, String value) {
        return IngressReader.read(ManifestFiles.parse("test.yaml", """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  annotations: {nginx.ingress.kubernetes.io/%s: "%s"}
                """.formatted(annotation, value))
                .ingresses()
                .getFirst());
    }

    private static Relay relay(IngressReading reading) {
        return ((Role.Primary) reading.role()).policy().relay();
    }

    @Test
    void readsPacesInKilobytes() {
        assertThat(relay(read("limit-rate", "100")).pace()).isEqualTo(new Pace(102_400, 0));
        assertThat(relay(read("limit-rate", "0")).pace()).isEqualTo(Pace.ANY);
        assertThat(relay(read("limit-rate-after", "1")).pace().isLimited()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"close, CLOSE", "keep-alive, KEEP"})
    void readsWhatEndpointsAreTold(String value, Persistence persistence) {
        assertThat(relay(read("connection-proxy-header", value)).persistence()).isEqualTo(persistence);
    }

    @ParameterizedTest
    @CsvSource({
        "limit-rate, 10k",
        "limit-rate, -1",
        "limit-rate, 99999999",
        "limit-rate-after, x",
        "connection-proxy-header, upgrade"
    })
    void tellsOfAMistakeAndLeavesTheDefault(String annotation, String value) {
        IngressReading reading = read(annotation, value);

        assertThat(relay(reading).pace()).isEqualTo(Pace.ANY);
        assertThat(relay(reading).persistence()).isEqualTo(Persistence.UNSAID);
        assertThat(reading.problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("is \"" + value + "\" (expected: ");
    }
}
