package dev.linnet.rollout.judge;

import dev.linnet.rollout.judge.Verdict.Outcome;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.OnTrouble;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.TroublePolicy;
import java.util.Locale;

/** Numbers against the ranges that an author accepts, and what the absence of a number means to him. */
final class Judge {
    private final Release release;
    private final TroublePolicy policy;

    Judge(Release release) {
        this.release = release;
        this.policy = release.analysis().checks().trouble();
    }

    Verdict judge(MetricCheck check, MetricValue value) {
        String metric = "Metric " + check.name();
        return switch (value) {
            case MetricValue.Value(double number) -> inRange(check, number);
            case MetricValue.NoData(String detail) ->
                without(policy.noData(), noValues(check, detail), metric + " has no data.");
            case MetricValue.NoTraffic(String detail) ->
                without(policy.noTraffic(), noValues(check, detail), metric + " saw no traffic.");
            case MetricValue.StoreDown(String detail) ->
                without(
                        policy.metricsDown(),
                        failure(check, detail),
                        metric + " cannot be asked for: its store is down.");
            case MetricValue.Unusable(String text) -> new Verdict(Outcome.FAIL, text, "");
        };
    }

    private static Verdict without(OnTrouble policy, String event, String alert) {
        return switch (policy) {
            case FAIL -> new Verdict(Outcome.FAIL, event, alert);
            case HOLD -> new Verdict(Outcome.HOLD, event, alert);
            case PASS -> new Verdict(Outcome.PASS, "", alert);
        };
    }

    private Verdict inRange(MetricCheck check, double number) {
        if (check.source() instanceof Source.Nothing) {
            return new Verdict(Outcome.FAIL, failure(check, ""), "");
        }
        boolean isDuration = check.source() instanceof Source.RequestDuration;
        Range range = isDuration ? inMilliseconds(check.range()) : check.range();
        double value = isDuration ? (double) (long) number : number;
        if (range.accepts(value)) {
            return Verdict.PASSED;
        }
        boolean tooLow = value < range.min();
        String limit = limit(check, tooLow ? range.min() : range.max());
        return new Verdict(Outcome.FAIL, halt() + shown(check, value) + (tooLow ? " < " : " > ") + limit, "");
    }

    /** Flagger compares whole milliseconds. */
    private static Range inMilliseconds(Range range) {
        return new Range(
                Double.isInfinite(range.min()) ? range.min() : (long) range.min(),
                Double.isInfinite(range.max()) ? range.max() : (long) range.max());
    }

    private String halt() {
        return "Halt " + release.names().canaryInNamespace() + " advancement ";
    }

    private static String shown(MetricCheck check, double value) {
        return switch (check.source()) {
            case Source.SuccessRate() -> "success rate " + decimals(value) + "%";
            case Source.RequestDuration() -> "request duration " + GoText.duration((long) value);
            case Source.Inline _, Source.Template _, Source.Nothing _ -> check.name() + " " + decimals(value);
        };
    }

    private static String limit(MetricCheck check, double limit) {
        return switch (check.source()) {
            case Source.SuccessRate() -> GoText.number(limit) + "%";
            case Source.RequestDuration() -> GoText.duration((long) limit);
            case Source.Inline _, Source.Template _, Source.Nothing _ -> GoText.number(limit);
        };
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private String noValues(MetricCheck check, String detail) {
        String none = "Halt advancement no values found for ";
        String provider = release.routing().provider();
        String idle = " probably " + release.names().targetInNamespace() + " is not receiving traffic";
        return switch (check.source()) {
            case Source.SuccessRate() -> none + provider + " metric " + check.name() + idle + ": " + detail;
            case Source.RequestDuration() -> none + provider + " metric " + check.name() + idle;
            case Source.Inline _ -> none + "metric: " + check.name();
            case Source.Template _ -> none + "custom metric: " + check.name() + ": " + detail;
            case Source.Nothing() -> failure(check, detail);
        };
    }

    private static String failure(MetricCheck check, String detail) {
        return switch (check.source()) {
            case Source.SuccessRate _, Source.RequestDuration _ -> "Prometheus query failed: " + detail;
            case Source.Inline _ -> "Prometheus query failed for " + check.name() + ": " + detail;
            case Source.Template _ -> "Metric query failed for " + check.name() + ": " + detail;
            case Source.Nothing() -> "Metric query failed for no usable metrics template and query were configured";
        };
    }
}
