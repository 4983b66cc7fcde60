package dev.linnet.machine.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeStateTest {

    /** Results as a row of + and -; thresholds: 2 to pass, 3 to fail. */
    @ParameterizedTest
    @CsvSource({
        "false, '',      false",
        "false, +,       false",
        "false, ++,      true",
        "false, +-+,     false",
        "false, +-++,    true",
        "true,  --,      true",
        "true,  ---,     false",
        "true,  --+--,   true",
        "true,  ---+,    false",
        "true,  ---++,   true",
    })
    void changesItsMindOnlyAfterEnoughEqualResults(boolean before, String results, boolean after) {
        ProbeState state = ProbeState.initially(before);
        for (String result : split(results)) {
            state = state.after(result.equals("+"), 2, 3);
        }

        assertThat(state.passing()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({"--, false", "---, true", "+---, true", "---+, false", "--+-, false"})
    void failsOnceTooManyInARowWereBad(String results, boolean failed) {
        ProbeState state = ProbeState.initially(false);
        for (String result : split(results)) {
            state = state.after(result.equals("+"), 1, 3);
        }

        assertThat(state.isFailure(3)).isEqualTo(failed);
    }

    private static List<String> split(String results) {
        return results.codePoints().mapToObj(Character::toString).toList();
    }
}
