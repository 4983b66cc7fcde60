package dev.linnet.machine.namespace;

import dev.linnet.machine.control.ApiKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.NamespaceConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is still in a namespace that is to end, by kind and by finalizer. */
final class Leftovers {
    private final Map<String, Integer> kinds = new TreeMap<>();
    private final Map<String, Integer> finalizers = new TreeMap<>();

    void add(ApiKind kind, HasMetadata object) {
        kinds.merge(kind.plural() + "." + kind.group(), 1, Integer::sum);
        object.getMetadata().getFinalizers().forEach(finalizer -> finalizers.merge(finalizer, 1, Integer::sum));
    }

    boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** How the namespace says what keeps it from ending, worded as Kubernetes words it. */
    List<NamespaceCondition> conditions(List<NamespaceCondition> before, Instant now) {
        List<NamespaceCondition> conditions = new ArrayList<>();
        conditions.add(condition(
                before,
                now,
                "NamespaceContentRemaining",
                "SomeResourcesRemain",
                "Some resources are remaining: "
                        + kinds.entrySet().stream()
                                .map(each -> each.getKey() + " has " + each.getValue() + " resource instances")
                                .collect(Collectors.joining(", "))));
        if (!finalizers.isEmpty()) {
            conditions.add(condition(
                    before,
                    now,
                    "NamespaceFinalizersRemaining",
                    "SomeFinalizersRemain",
                    "Some content in the namespace has finalizers remaining: "
                            + finalizers.entrySet().stream()
                                    .map(each -> each.getKey() + " in " + each.getValue() + " resource instances")
                                    .collect(Collectors.joining(", "))));
        }
        return conditions;
    }

    private static NamespaceCondition condition(
            List<NamespaceCondition> before, Instant now, String type, String reason, String message) {
        String since = before.stream()
                .filter(each -> type.equals(each.getType()))
                .map(NamespaceCondition::getLastTransitionTime)
                .findFirst()
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new NamespaceConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .build();
    }
}
