package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.OtherVersion;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file holds an object as an old version writes it, as it is stored, and, where it differs, as it is shown again. */
final class VersionsTest {

    static Stream<Golden> files() {
        return Golden.in("versions");
    }

    @ParameterizedTest
    @MethodSource("files")
    void storesOldVersionsAsTodays(Golden golden) {
        ObjectNode stored = converterOf(golden).toStored(golden.object());

        assertThat(Golden.pretty(stored))
                .isEqualTo(Golden.pretty(golden.others().getFirst()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void showsStoredObjectsInTheOldVersion(Golden golden) {
        ObjectNode served =
                converterOf(golden).toServed(golden.others().getFirst().deepCopy());

        assertThat(Golden.pretty(served))
                .isEqualTo(Golden.pretty(
                        golden.documents().size() > 2 ? golden.documents().get(2) : golden.object()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void losesNothingOnTheWayThereAndBack(Golden golden) {
        VersionConverter converter = converterOf(golden);
        ObjectNode stored = golden.others().getFirst();

        ObjectNode again = converter.toStored(converter.toServed(stored.deepCopy()));

        assertThat(Golden.pretty(again)).isEqualTo(Golden.pretty(stored));
    }

    private static VersionConverter converterOf(Golden golden) {
        String version = golden.object().path("apiVersion").asText();
        return Golden.kindOf(golden.object()).otherVersions().stream()
                .filter(other -> other.groupVersion().equals(version))
                .map(OtherVersion::converter)
                .findFirst()
                .orElseThrow(() -> new AssertionError("not served: " + version));
    }
}
