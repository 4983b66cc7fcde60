package dev.linnet.console.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.console.graph.Layout.Call;
import dev.linnet.console.graph.Layout.Line;
import dev.linnet.console.graph.Layout.Spot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LayeringTest {

    @Test
    void callersStandBeforeThoseWhomTheyCall() {
        List<Call> calls = List.of(call("way-in", "a"), call("a", "b"), call("way-in", "c"), call("c", "b"));

        Layout across = Layering.of(List.of("a", "b", "c", "way-in"), calls, false);
        Layout down = Layering.of(List.of("a", "b", "c", "way-in"), calls, true);

        assertThat(calls)
                .allMatch(call -> spot(across, call.from()).x() + 184
                        < spot(across, call.to()).x());
        assertThat(calls)
                .allMatch(call ->
                        spot(down, call.from()).y() + 46 < spot(down, call.to()).y());
        assertThat(down.width()).isLessThan(across.width());
    }

    @Test
    void aChainThatIsTooLongForAWideWindowRunsDownwards() {
        List<String> nodes = List.of("way-in", "a", "b", "c", "d");
        List<Call> calls = List.of(call("way-in", "a"), call("a", "b"), call("b", "c"), call("c", "d"));

        assertThat(Layering.of(nodes, calls, false).down()).isTrue();
        assertThat(Layering.of(nodes.subList(0, 3), calls.subList(0, 2), false).down())
                .isFalse();
    }

    @Test
    void circlesAndCallsOfOneselfHaveAPictureToo() {
        List<Call> calls = List.of(call("a", "b"), call("b", "a"), call("a", "a"));

        Layout layout = Layering.of(List.of("a", "b"), calls, false);

        assertThat(layout.lines()).containsOnlyKeys(calls);
        assertThat(layout.lines().values()).extracting(Line::path).doesNotHaveDuplicates();
    }

    /** As a mesh has it in which both frontends call both backends, so that lines cross. */
    @Test
    void whatLinesSayCoversNoNodeAndNothingElseThatIsSaid() {
        List<String> nodes = List.of("way-in", "f1", "f2", "b1", "b2", "store");
        List<Call> calls = List.of(
                call("way-in", "f1"),
                call("way-in", "f2"),
                call("f1", "b1"),
                call("f1", "b2"),
                call("f2", "b1"),
                call("f2", "b2"),
                call("b1", "store"),
                call("b2", "store"),
                call("way-in", "store"),
                call("b2", "f1"),
                call("store", "store"),
                new Call("f1", "b1", "test/other"));

        for (boolean slim : List.of(false, true)) {
            Layout layout = Layering.of(nodes, calls, slim);
            List<Line> lines = List.copyOf(layout.lines().values());

            assertThat(lines).hasSize(calls.size());
            for (Line line : lines) {
                assertThat(layout.nodes().values())
                        .noneMatch(node -> overlap(line.label(), node, (104 + 184) / 2.0, (30 + 46) / 2.0));
                assertThat(lines.stream().filter(other -> !other.equals(line)))
                        .noneMatch(other -> overlap(line.label(), other.label(), 104, 30));
            }
        }
    }

    @Test
    void twoHundredNodesEachHaveAPlaceOfTheirOwnAndAlwaysTheSame() {
        List<String> nodes = IntStream.range(0, 200).mapToObj(i -> "n" + i).toList();
        List<Call> calls = new ArrayList<>();
        for (int i = 1; i < 200; i++) {
            calls.add(call("n" + (i - 1) / 3, "n" + i));
        }

        Layout layout = Layering.of(nodes, calls, false);

        assertThat(new HashSet<>(layout.nodes().values())).hasSize(200);
        assertThat(Layering.of(nodes.reversed(), calls.reversed(), false)).isEqualTo(layout);
    }

    @Test
    void aLongColumnIsFolded() {
        List<String> nodes = IntStream.range(0, 200).mapToObj(i -> "n" + i).toList();
        List<Call> calls = nodes.stream().skip(1).map(to -> call("n0", to)).toList();

        Layout layout = Layering.of(nodes, calls, false);

        assertThat(layout.height()).isLessThan(200 / 4 * 2 * 60);
    }

    /** Layers would take minutes. */
    @Test
    void thousandsStandInRows() {
        List<String> nodes = IntStream.range(0, 2_000).mapToObj(i -> "n" + i).toList();
        List<Call> calls = IntStream.range(1, 2_000)
                .mapToObj(i -> call("n" + i * 7 % 2_000, "n" + i * 13 % 2_000))
                .distinct()
                .toList();

        Layout layout = Layering.of(nodes, calls, false);

        assertThat(new HashSet<>(layout.nodes().values())).hasSize(2_000);
        assertThat(layout.lines()).hasSize(calls.size());
    }

    private static Call call(String from, String to) {
        return new Call(from, to, "test/" + to);
    }

    private static Spot spot(Layout layout, String node) {
        return Objects.requireNonNull(layout.nodes().get(node), node);
    }

    private static boolean overlap(Spot one, Spot other, double width, double height) {
        return Math.abs(one.x() - other.x()) < width && Math.abs(one.y() - other.y()) < height;
    }
}
