package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file holds what an author writes, and what is stored. */
final class DefaultsTest {

    static Stream<Golden> files() {
        return Golden.in("defaults");
    }

    @ParameterizedTest
    @MethodSource("files")
    void fillsInWhatTheAuthorLeftOut(Golden golden) {
        ObjectNode stored = Golden.prepared(golden.object());

        assertThat(Golden.pretty(stored))
                .isEqualTo(Golden.pretty(golden.others().getFirst()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void changesNothingThatIsAlreadyFilledIn(Golden golden) {
        ObjectNode once = Golden.prepared(golden.object());

        ObjectNode twice = Golden.prepared(once.deepCopy());

        assertThat(Golden.pretty(twice)).isEqualTo(Golden.pretty(once));
    }

    @ParameterizedTest
    @MethodSource("files")
    void findsNothingWrongWithTheResult(Golden golden) {
        ObjectNode stored = Golden.prepared(golden.object());

        assertThat(Golden.kindOf(stored).rules().validate(stored)).isEmpty();
        assertThat(Golden.kindOf(stored).rules().validateCreate(stored)).isEmpty();
        assertThat(Golden.kindOf(stored).rules().validateUpdate(stored, stored.deepCopy()))
                .isEmpty();
    }
}
