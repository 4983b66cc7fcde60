package dev.linnet.cli.rollouts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Canary and its releases at one moment. Its JSON is what {@code -o json} prints: fields are only ever added. Times are as in ISO 8601.
 *
 * @param phase      {@code status.phase}; empty if no controller has looked at it
 * @param strategy   how versions are tried out, in words
 * @param progress   {@code status}
 * @param waitingFor why nothing happens now
 * @param sides      primary and canary; empty in lists
 * @param runs       latest first
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record RolloutView(
        String namespace,
        String name,
        String phase,
        String strategy,
        Progress progress,
        String waitingFor,
        List<Side> sides,
        List<RunView> runs) {
    RolloutView {
        sides = List.copyOf(sides);
        runs = List.copyOf(runs);
    }

    /**
     * How far the present run is.
     *
     * @param weight    the canary's share in percent
     * @param threshold so many failed checks end a run
     */
    record Progress(int weight, int iterations, int failedChecks, int threshold) {}

    /**
     * One version.
     *
     * @param role    {@code primary} or {@code canary}
     * @param traffic which requests meet it, in words
     * @param wanted  how many Pods there should be
     */
    record Side(
            String role, String workload, List<String> images, String traffic, int ready, int wanted, List<Pod> pods) {
        Side {
            images = List.copyOf(images);
            pods = List.copyOf(pods);
        }
    }

    /** @param status {@code Running}, or why not */
    record Pod(String name, String status, boolean ready, int restarts) {}

    /**
     * One Run.
     *
     * @param ended  when; empty while it goes on
     * @param ending why it ended without promotion
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record RunView(
            int number,
            List<String> images,
            String phase,
            String began,
            String ended,
            String ending,
            List<Entry> events,
            List<Action> actions,
            List<Check> checks) {
        RunView {
            images = List.copyOf(images);
            events = List.copyOf(events);
            actions = List.copyOf(actions);
            checks = List.copyOf(checks);
        }
    }

    record Entry(String at, boolean warning, String message) {}

    /** @param refused why it was not done; empty if it was */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Action(String verb, String by, String at, String refused) {}

    /**
     * What was measured.
     *
     * @param weight the canary's share in percent
     */
    record Check(String at, int weight, int iterations, List<Measured> metrics) {
        Check {
            metrics = List.copyOf(metrics);
        }
    }

    /**
     * One metric.
     *
     * @param value   null where there was none
     * @param verdict {@code pass}, {@code hold} or {@code fail}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Measured(String name, @Nullable Double value, String verdict) {}

    String title() {
        return name + "." + namespace;
    }

    /** The one that goes on, or was the last. */
    Optional<RunView> run() {
        return runs.stream().findFirst();
    }
}
