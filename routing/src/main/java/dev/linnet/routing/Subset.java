package dev.linnet.routing;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Some of a Service's endpoints, by the labels of their Pods (Istio's DestinationRule, spec §2.3).
 *
 * @param name   as rules call it; empty for all endpoints
 * @param labels that the Pods have; empty if nobody has said which: then there are none
 */
public record Subset(String name, Optional<Map<String, String>> labels) {
    /** All endpoints, also those of which no Pod is known. */
    public static final Subset ALL = new Subset("", Optional.of(Map.of()));

    public Subset {
        labels = labels.map(found -> Collections.unmodifiableMap(new TreeMap<>(found)));
    }

    public static Subset of(String name, Map<String, String> labels) {
        return new Subset(name, Optional.of(labels));
    }

    /** One that rules name and nobody defines. */
    public static Subset undefined(String name) {
        return new Subset(name, Optional.empty());
    }

    /** Whether it takes every endpoint, whatever is known of it. */
    public boolean isAll() {
        return labels.isPresent() && labels.get().isEmpty();
    }

    /** Whether a Pod with these labels is in it. */
    public boolean takes(Map<String, String> podLabels) {
        return labels.isPresent()
                && podLabels.entrySet().containsAll(labels.get().entrySet());
    }
}
