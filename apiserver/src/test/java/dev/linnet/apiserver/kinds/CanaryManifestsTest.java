package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.OtherVersion;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that people release with today, old versions included. */
final class CanaryManifestsTest {

    static Stream<ObjectNode> objects() {
        return Golden.under("/schema/manifests").flatMap(golden -> golden.documents().stream());
    }

    @ParameterizedTest
    @MethodSource("objects")
    void areTakenAsTheyStand(ObjectNode manifest) {
        ResourceKind kind = Golden.kindOf(manifest);
        String version = manifest.path("apiVersion").asText();
        ObjectNode stored = kind.otherVersions().stream()
                .filter(other -> other.groupVersion().equals(version))
                .findFirst()
                .map(OtherVersion::converter)
                .map(converter -> converter.toStored(manifest))
                .orElse(manifest);

        Golden.prepared(stored);

        assertThat(stored.path("apiVersion").asText()).isEqualTo(kind.groupVersion());
        assertThat(kind.rules().validate(stored)).isEmpty();
        assertThat(kind.rules().validateCreate(stored)).isEmpty();
    }
}
