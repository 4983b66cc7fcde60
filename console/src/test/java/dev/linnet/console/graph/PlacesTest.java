package dev.linnet.console.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.console.graph.Layers.Call;
import dev.linnet.console.graph.Layers.Place;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlacesTest {
    private final Places places = new Places();

    @Test
    void nobodyMovesWhenOthersFallSilentAndSpeakAgain() {
        List<Call> all = List.of(new Call("way-in", "a"), new Call("way-in", "b"), new Call("b", "c"));
        Map<String, Place> before = places.of(List.of("way-in", "a", "b", "c"), all);

        assertThat(places.of(List.of("way-in", "b"), all.subList(1, 2))).isEqualTo(before);
        assertThat(places.of(List.of("way-in", "a", "b", "c"), all)).isEqualTo(before);
    }

    @Test
    void oneWhoIsNewGetsAPlace() {
        places.of(List.of("a", "b"), List.of(new Call("a", "b")));

        assertThat(places.of(List.of("a", "b", "c"), List.of(new Call("a", "b"), new Call("b", "c"))))
                .hasSize(3)
                .containsEntry("c", new Place(2, 0));
    }

    @Test
    void thoseWhoHaveGoneForGoodAreForgotten() {
        for (int day = 0; day < 500; day++) {
            String version = "v" + day;
            places.of(List.of("way-in", version), List.of(new Call("way-in", version)));
        }

        assertThat(places.of(List.of("way-in", "last"), List.of(new Call("way-in", "last"))))
                .hasSizeLessThan(50)
                .containsKey("last");
    }

    @Test
    void aLongColumnIsFolded() {
        List<String> called = IntStream.range(0, 199).mapToObj(i -> "n" + i).toList();

        Map<String, Place> all = places.of(
                IntStream.range(-1, 199).mapToObj(i -> "n" + i).toList(),
                called.stream().map(to -> new Call("n-1", to)).toList());

        assertThat(all.values()).doesNotHaveDuplicates().allMatch(place -> Math.abs(place.row()) <= 12);
    }
}
