package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Matches labels as Kubernetes does. */
public final class Selectors {
    private Selectors() {}

    /** No selector matches nothing; an empty one matches everything. Absent labels are no labels. */
    public static boolean matches(@Nullable LabelSelector selector, @Nullable Map<String, String> labels) {
        if (selector == null) {
            return false;
        }
        Map<String, String> present = labels == null ? Map.of() : labels;
        Map<String, String> wanted = selector.getMatchLabels();
        return (wanted == null || present.entrySet().containsAll(wanted.entrySet()))
                && selector.getMatchExpressions().stream().allMatch(requirement -> satisfies(requirement, present));
    }

    private static boolean satisfies(LabelSelectorRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default ->
                throw new IllegalArgumentException(
                        "operator is " + requirement.getOperator() + " (expected: In, NotIn, Exists or DoesNotExist)");
        };
    }

    /** A Service's selector: every pair must be there. An empty one matches nothing. */
    public static boolean matches(@Nullable Map<String, String> selector, @Nullable Map<String, String> labels) {
        return selector != null
                && !selector.isEmpty()
                && labels != null
                && labels.entrySet().containsAll(selector.entrySet());
    }
}
