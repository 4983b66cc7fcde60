package dev.linnet.rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StepsTest {
    @Test
    void growsByStepWeightUntilTheMaximumIsReached() {
        assertThat(visited(new Steps(20, List.of(), 50))).containsExactly(20, 40, 60);
        assertThat(visited(new Steps(50, List.of(), 100))).containsExactly(50, 100);
        assertThat(visited(new Steps(30, List.of(), 100))).containsExactly(30, 60, 90, 100);
    }

    @Test
    void visitsTheWeightsOfAList() {
        assertThat(visited(new Steps(0, List.of(1, 2, 10, 80), 100))).containsExactly(1, 2, 10, 80);
        assertThat(visited(new Steps(0, List.of(50, 120), 100))).containsExactly(50, 100);
    }

    @Test
    void goesToTheNextHigherWeightFromAnywhere() {
        Steps steps = new Steps(0, List.of(10, 30, 60), 100);

        assertThat(steps.after(15)).isEqualTo(30);
        assertThat(steps.after(60)).isEqualTo(60);
    }

    @Test
    void keepsTheMaximumWithinAllTraffic() {
        assertThat(new Steps(10, List.of(), 150).last()).isEqualTo(100);
        assertThat(new Steps(10, List.of(), 0).last()).isEqualTo(1);
    }

    private static List<Integer> visited(Steps steps) {
        List<Integer> weights = new ArrayList<>();
        for (int weight = 0; weight < steps.last(); weight = steps.after(weight)) {
            weights.add(steps.after(weight));
        }
        return weights;
    }
}
