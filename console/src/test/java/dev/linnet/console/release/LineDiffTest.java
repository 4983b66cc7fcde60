package dev.linnet.console.release;

import static dev.linnet.console.release.LineDiff.Mark.GAP;
import static dev.linnet.console.release.LineDiff.Mark.ONLY_NEW;
import static dev.linnet.console.release.LineDiff.Mark.ONLY_OLD;
import static dev.linnet.console.release.LineDiff.Mark.SAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.console.release.LineDiff.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineDiffTest {

    @Test
    void showsWhatChangedWithWhatIsAroundIt() {
        List<Line> lines = LineDiff.of(
                List.of("1", "2", "3", "image: a", "5", "6", "7", "8", "9", "10", "11"),
                List.of("1", "2", "3", "image: b", "5", "6", "7", "8", "9", "10", "11", "new"));

        assertThat(lines)
                .extracting(Line::mark)
                .containsExactly(SAME, SAME, ONLY_OLD, ONLY_NEW, SAME, SAME, GAP, SAME, SAME, ONLY_NEW);
    }

    @Test
    void showsNothingWhereNothingChanged() {
        assertThat(LineDiff.of(List.of("a", "b"), List.of("a", "b"))).isEmpty();
    }
}
