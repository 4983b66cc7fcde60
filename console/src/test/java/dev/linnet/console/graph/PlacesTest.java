package dev.linnet.console.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.console.graph.Layout.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlacesTest {
    private final Places places = new Places(false);

    @Test
    void nobodyMovesWhenOthersFallSilentAndSpeakAgain() {
        List<Call> all = List.of(call("way-in", "a"), call("way-in", "b"), call("b", "c"));
        Layout before = places.of(List.of("way-in", "a", "b", "c"), all);

        assertThat(places.of(List.of("way-in", "b"), all.subList(1, 2))).isSameAs(before);
        assertThat(places.of(List.of("way-in", "a", "b", "c"), all)).isSameAs(before);
    }

    @Test
    void oneWhoIsNewGetsAPlace() {
        places.of(List.of("a", "b"), List.of(call("a", "b")));

        Layout layout = places.of(List.of("a", "b", "c"), List.of(call("a", "b"), call("b", "c")));

        assertThat(layout.nodes()).containsOnlyKeys("a", "b", "c");
        assertThat(layout.lines()).containsOnlyKeys(call("a", "b"), call("b", "c"));
    }

    @Test
    void thoseWhoHaveGoneForGoodAreForgotten() {
        for (int day = 0; day < 500; day++) {
            String version = "v" + day;
            places.of(List.of("way-in", version), List.of(call("way-in", version)));
        }

        assertThat(places.of(List.of("way-in", "last"), List.of(call("way-in", "last")))
                        .nodes())
                .hasSizeLessThan(50)
                .containsKey("last");
    }

    private static Call call(String from, String to) {
        return new Call(from, to, "test/" + to);
    }
}
