package dev.linnet.controller.ops;

import dev.linnet.numbers.PrometheusPage;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The numbers of one Canary. */
final class CanaryNumbers {
    private static final List<Double> LIMITS = List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Names names;
    private final Map<String, Double> measured = new TreeMap<>();
    private final Map<Ended, Long> ended = new HashMap<>();
    private final long[] durations = new long[LIMITS.size() + 1];
    private double seconds;
    private OptionalLong began = OptionalLong.empty();
    private Optional<Progress> last = Optional.empty();

    /** How runs ended. */
    private record Ended(boolean well, String strategy, String status) {}

    CanaryNumbers(Names names) {
        this.names = names;
    }

    void begin(long nanoTime) {
        if (began.isEmpty()) {
            began = OptionalLong.of(nanoTime);
        }
    }

    void measured(MetricCheck check, double value) {
        boolean isTime = check.source() instanceof Source.RequestDuration;
        measured.put(check.name(), isTime ? value / MILLIS : value);
    }

    void acted(Release release, Progress progress, long nanoTime) {
        if (last.isPresent()) {
            count(release, last.get(), progress, nanoTime);
        }
        last = Optional.of(progress);
        began = OptionalLong.empty();
    }

    private void count(Release release, Progress before, Progress after, long nanoTime) {
        boolean checked = before.phase().isAnalysing()
                && !before.run().clock().since().equals(after.run().clock().since());
        if (checked && began.isPresent()) {
            observe((nanoTime - began.getAsLong()) / NANOS);
        }
        boolean ends = before.phase() != after.phase();
        // A target that was set back ends its run well, but nothing was promoted.
        boolean promoted =
                after.phase() == Phase.SUCCEEDED && after.run().ending().cause() != Ending.Cause.REVERTED;
        if (ends && promoted) {
            String status = release.options().skipAnalysis() ? "skipped" : "completed";
            ended.merge(new Ended(true, strategy(release), status), 1L, Long::sum);
        } else if (ends && after.phase() == Phase.FAILED) {
            ended.merge(new Ended(false, strategy(release), "completed"), 1L, Long::sum);
        }
    }

    private void observe(double time) {
        seconds += time;
        int bucket = 0;
        while (bucket < LIMITS.size() && time > LIMITS.get(bucket)) {
            bucket++;
        }
        durations[bucket]++;
    }

    private static String strategy(Release release) {
        return switch (release.analysis().strategy()) {
            case Strategy.AbTest _ -> "ab-testing";
            case Strategy.BlueGreen _ -> "blue-green";
            case Strategy.Weighted _ -> "canary";
        };
    }

    void writeStatus(PrometheusPage page) {
        last.ifPresent(progress -> {
            int status = switch (progress.phase()) {
                case PROGRESSING -> 0;
                case FAILED -> 2;
                case NEW,
                        INITIALIZING,
                        INITIALIZED,
                        WAITING,
                        WAITING_PROMOTION,
                        PROMOTING,
                        FINALISING,
                        SUCCEEDED,
                        TERMINATING,
                        TERMINATED -> 1;
            };
            page.sample("flagger_canary_status", labels(Map.of()), status);
        });
    }

    void writeWeight(PrometheusPage page) {
        last.ifPresent(progress -> {
            int weight = Math.clamp(progress.counters().weight(), 0, 100);
            page.sample("flagger_canary_weight", workload(names.target() + "-primary"), 100.0 - weight);
            page.sample("flagger_canary_weight", workload(names.target()), weight);
        });
    }

    private Map<String, String> workload(String workload) {
        return Map.of("workload", workload, "namespace", names.namespace());
    }

    void writeDurations(PrometheusPage page) {
        long count = 0;
        for (long each : durations) {
            count += each;
        }
        if (count == 0) {
            return;
        }
        long cumulated = 0;
        for (int i = 0; i < durations.length; i++) {
            cumulated += durations[i];
            String limit = i < LIMITS.size() ? PrometheusPage.number(LIMITS.get(i)) : "+Inf";
            page.sample("flagger_canary_duration_seconds_bucket", labels(Map.of("le", limit)), (double) cumulated);
        }
        page.sample("flagger_canary_duration_seconds_sum", labels(Map.of()), seconds);
        page.sample("flagger_canary_duration_seconds_count", labels(Map.of()), (double) count);
    }

    void writeMeasured(PrometheusPage page) {
        measured.forEach((metric, value) ->
                page.sample("flagger_canary_metric_analysis", labels(Map.of("metric", metric)), value));
    }

    void writeSuccesses(PrometheusPage page) {
        writeEnded(page, "flagger_canary_successes_total", true);
    }

    void writeFailures(PrometheusPage page) {
        writeEnded(page, "flagger_canary_failures_total", false);
    }

    private void writeEnded(PrometheusPage page, String family, boolean well) {
        ended.forEach((how, count) -> {
            if (how.well == well) {
                page.sample(
                        family,
                        labels(Map.of("deployment_strategy", how.strategy, "analysis_status", how.status)),
                        (double) count);
            }
        });
    }

    private Map<String, String> labels(Map<String, String> more) {
        Map<String, String> labels = new HashMap<>(more);
        labels.put("name", names.target());
        labels.put("namespace", names.namespace());
        return labels;
    }
}
