package dev.linnet.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the demo ends with.
 *
 * @param steps        weights over time, with measured shares
 * @param total        requests by version, from the first to the last
 * @param wronglyFailed failed requests that the bad version did not answer: must be 0
 * @param badVersion   the version that was taken back
 * @param timeToRollBack from the first failed answer to the moment the weight was 0 again; zero if nothing failed
 * @param harm         from the first failed answer to the last one
 * @param asPlanned    both releases ended as they should, and shares were as asked for
 * @param took         the whole demo
 */
record Summary(
        List<Step> steps,
        Tally total,
        long wronglyFailed,
        String badVersion,
        Duration timeToRollBack,
        Duration harm,
        boolean asPlanned,
        Duration took) {

    Summary {
        steps = List.copyOf(steps);
    }

    /** @param at since the demo began */
    record Step(Duration at, String canary, int weight, double measuredShare, long requests) {
        Step later(Duration by) {
            return new Step(at.plus(by), canary, weight, measuredShare, requests);
        }

        Map<String, ?> facts() {
            return Map.of(
                    "at",
                    seconds(at),
                    "canary",
                    canary,
                    "weight",
                    weight,
                    "share",
                    round(measuredShare),
                    "requests",
                    requests);
        }
    }

    boolean good() {
        return asPlanned && wronglyFailed == 0;
    }

    static double seconds(Duration duration) {
        return Math.round(duration.toMillis() / 10.0) / 100.0;
    }

    static double round(double percent) {
        return Math.round(percent * 10) / 10.0;
    }
}
