package dev.linnet.machine.autoscaling;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What Pods use, as the resource metrics API tells it. */
sealed interface Usage {

    /** By the Pod's name; a Pod that nobody measures is not in it. */
    record Known(Map<String, OfPod> pods) implements Usage {
        public Known {
            pods = Map.copyOf(pods);
        }
    }

    /** @param why in the controller's words */
    record Unknown(String why) implements Usage {}

    /**
     * @param at         end of the window over which it was measured
     * @param containers container to resource ({@code cpu}, {@code memory}) to amount, in cores and bytes
     */
    record OfPod(Instant at, Duration window, Map<String, Map<String, BigDecimal>> containers) {
        public OfPod {
            containers = Map.copyOf(containers);
        }

        /** Of one container, or of all together; empty when it was not measured. */
        Optional<BigDecimal> of(String resource, Optional<String> container) {
            return containers.entrySet().stream()
                    .filter(entry -> container.isEmpty() || container.get().equals(entry.getKey()))
                    .flatMap(entry -> Optional.ofNullable(entry.getValue().get(resource)).stream())
                    .reduce(BigDecimal::add);
        }
    }
}
