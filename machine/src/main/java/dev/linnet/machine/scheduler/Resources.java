package dev.linnet.machine.scheduler;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Amounts of what nodes offer and Pods ask for, {@code cpu}, {@code memory}, {@code pods}…
 *
 * @param amounts by name; what is not there is zero
 */
record Resources(Map<String, BigDecimal> amounts) {

    static final Resources NONE = new Resources(Map.of());
    private static final String PODS = "pods";

    Resources {
        amounts = Map.copyOf(amounts);
    }

    static Resources of(@Nullable Map<String, Quantity> quantities) {
        Map<String, BigDecimal> amounts = new HashMap<>();
        Objects.requireNonNullElse(quantities, Map.<String, Quantity>of())
                .forEach((name, quantity) -> amounts.put(name, quantity.getNumericalAmount()));
        return new Resources(amounts);
    }

    /** What a Pod takes of its node: all containers together, or its greediest init container if that is more; and itself. */
    static Resources requestedBy(Pod pod) {
        Resources together = NONE;
        for (Container container : pod.getSpec().getContainers()) {
            together = together.plus(requestedBy(container));
        }
        Resources most = together;
        for (Container container : pod.getSpec().getInitContainers()) {
            most = most.most(requestedBy(container));
        }
        return most.plus(of(pod.getSpec().getOverhead())).plus(new Resources(Map.of(PODS, BigDecimal.ONE)));
    }

    private static Resources requestedBy(Container container) {
        return container.getResources() == null
                ? NONE
                : of(container.getResources().getRequests());
    }

    Resources plus(Resources other) {
        Map<String, BigDecimal> sum = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> sum.merge(name, amount, BigDecimal::add));
        return new Resources(sum);
    }

    Resources minus(Resources other) {
        Map<String, BigDecimal> rest = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> rest.merge(name, amount.negate(), BigDecimal::add));
        return new Resources(rest);
    }

    private Resources most(Resources other) {
        Map<String, BigDecimal> most = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> most.merge(name, amount, BigDecimal::max));
        return new Resources(most);
    }

    /** Why this does not fit into what is free, in the scheduler's words; empty when it fits. */
    List<String> obstacles(Resources free) {
        return amounts.entrySet().stream()
                .filter(wanted -> wanted.getValue().signum() > 0)
                .filter(wanted ->
                        wanted.getValue().compareTo(free.amounts.getOrDefault(wanted.getKey(), BigDecimal.ZERO)) > 0)
                .map(wanted -> wanted.getKey().equals(PODS) ? "Too many pods" : "Insufficient " + wanted.getKey())
                .sorted()
                .toList();
    }
}
