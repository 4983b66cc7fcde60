package dev.linnet.console.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.console.graph.Layers.Call;
import dev.linnet.console.graph.Layers.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LayersTest {

    @Test
    void callersStandLeftOfThoseWhomTheyCall() {
        Map<String, Place> places = Layers.of(
                List.of("a", "b", "c", "way-in"),
                List.of(new Call("way-in", "a"), new Call("a", "b"), new Call("way-in", "c"), new Call("c", "b")));

        assertThat(layer(places, "way-in")).isZero();
        assertThat(layer(places, "a")).isEqualTo(layer(places, "c")).isEqualTo(1);
        assertThat(layer(places, "b")).isEqualTo(2);
    }

    @Test
    void circlesHaveAPictureToo() {
        Map<String, Place> places =
                Layers.of(List.of("a", "b"), List.of(new Call("a", "b"), new Call("b", "a"), new Call("a", "a")));

        assertThat(layer(places, "a")).isZero();
        assertThat(layer(places, "b")).isEqualTo(1);
    }

    @Test
    void twoHundredNodesEachHaveAPlaceOfTheirOwnAndAlwaysTheSame() {
        List<String> nodes = IntStream.range(0, 200).mapToObj(i -> "n" + i).toList();
        List<Call> calls = new ArrayList<>();
        for (int i = 1; i < 200; i++) {
            calls.add(new Call("n" + (i - 1) / 3, "n" + i));
            calls.add(new Call("n" + i, "n" + i * 7 % 200));
        }

        Map<String, Place> places = Layers.of(nodes, calls);

        assertThat(new HashSet<>(places.values())).hasSize(200);
        assertThat(Layers.of(nodes.reversed(), calls.reversed())).isEqualTo(places);
    }

    private static int layer(Map<String, Place> places, String node) {
        assertThat(places).containsKey(node);
        return places.entrySet().stream()
                .filter(entry -> entry.getKey().equals(node))
                .mapToInt(entry -> entry.getValue().layer())
                .sum();
    }
}
