package dev.linnet.machine.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorsTest {

    @Test
    void wantsEveryLabelAndEveryExpression() {
        LabelSelector selector = new LabelSelectorBuilder()
                .addToMatchLabels("app", "web")
                .addToMatchExpressions(new LabelSelectorRequirement("tier", "In", List.of("a", "b")))
                .addToMatchExpressions(new LabelSelectorRequirement("old", "DoesNotExist", List.of()))
                .build();

        assertThat(Selectors.matches(selector, Map.of("app", "web", "tier", "b")))
                .isTrue();
        assertThat(Selectors.matches(selector, Map.of("app", "web", "tier", "c")))
                .isFalse();
        assertThat(Selectors.matches(selector, Map.of("app", "web", "tier", "b", "old", "")))
                .isFalse();
        assertThat(Selectors.matches(selector, Map.of("tier", "b"))).isFalse();
    }

    @Test
    void anEmptyServiceSelectorMatchesNothing() {
        assertThat(Selectors.matches(Map.of(), Map.of("app", "web"))).isFalse();
        assertThat(Selectors.matches(Map.of("app", "web"), Map.of("app", "web", "x", "y")))
                .isTrue();
    }
}
