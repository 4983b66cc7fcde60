package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The label by which a workload's Pods are told apart from its primary's.
 *
 * @param key   {@code app}
 * @param value the target's; the primary's ends in {@code -primary}
 */
public record SelectorLabel(String key, String value) {

    /**
     * The first candidate that the workload selects by.
     *
     * @param candidates names of labels, Flagger's {@code -selector-labels}
     */
    public static Optional<SelectorLabel> of(LabelSelector selector, List<String> candidates) {
        Map<String, String> labels = selector.getMatchLabels();
        for (String key : candidates) {
            String value = labels == null ? null : labels.get(key);
            if (value != null) {
                return Optional.of(new SelectorLabel(key, value));
            }
        }
        return Optional.empty();
    }

    public String primaryValue() {
        return value + "-primary";
    }
}
