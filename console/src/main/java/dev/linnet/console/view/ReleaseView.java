package dev.linnet.console.view;

import dev.linnet.console.release.Offer;
import dev.linnet.console.release.Release;
import dev.linnet.console.release.RunObject;
import dev.linnet.console.release.Told;
import dev.linnet.console.release.Versions;
import dev.linnet.console.traffic.Point;
import dev.linnet.numbers.Sum;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.run.Phase;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A release.
 *
 * @param last      both versions over the last half minute
 * @param answered  whether any gateway answers
 * @param metrics   what it is judged by
 * @param told      the latest first
 * @param runs      its past
 * @param mayAct    whether the person may put a hand on it
 * @param said      what the person has just asked for; empty for nothing
 */
public record ReleaseView(
        Frame frame,
        Release release,
        Versions versions,
        Point last,
        boolean answered,
        List<MetricRow> metrics,
        List<Told> told,
        List<RunObject> runs,
        boolean mayAct,
        String said) {
    public ReleaseView {
        metrics = List.copyOf(metrics);
        told = List.copyOf(told);
        runs = List.copyOf(runs);
    }

    /** Which actions make sense now. */
    public List<Verb> offers() {
        return Offer.of(release);
    }

    public String address() {
        return "/release/" + release.key();
    }

    public String rate(Sum side) {
        return last.seconds() <= 0 ? "–" : Figures.rate(last.rate(side));
    }

    /** Percent of its steps that are behind it. */
    public int progress() {
        return release.steps().total() == 0
                ? 0
                : 100 * release.steps().done() / release.steps().total();
    }

    /** Why the version that was tried last was taken back; empty if it was not. */
    public String ending() {
        return release.phase() == Phase.FAILED
                ? release.run().map(RunObject::ending).orElse("")
                : "";
    }

    /** The lowest success rate that passes, in percent. */
    public OptionalDouble leastSuccess() {
        return threshold(Source.SuccessRate.class, true);
    }

    /** The longest duration that passes, in milliseconds. */
    public OptionalDouble mostMillis() {
        return threshold(Source.RequestDuration.class, false);
    }

    private OptionalDouble threshold(Class<? extends Source> source, boolean least) {
        return release.plan().stream()
                .flatMap(plan -> plan.release().analysis().checks().metrics().stream())
                .filter(check -> source.isInstance(check.source()))
                .map(check -> check.range())
                .mapToDouble(range -> least ? range.min() : range.max())
                .filter(Double::isFinite)
                .findFirst();
    }

    /**
     * A metric of the Canary.
     *
     * @param expected in words
     * @param now      in words: of the requests that there are, else of the last check
     * @param verdict  {@code pass}, {@code fail}, {@code hold}, or {@code none} where nothing was asked yet
     * @param why      the last check did not let it pass; else empty
     */
    public record MetricRow(String name, String expected, String now, String verdict, String why) {

        /** The name of its look in the style sheet. */
        public String look() {
            return switch (verdict) {
                case "pass" -> "good";
                case "fail" -> "bad";
                case "hold" -> "person";
                default -> "quiet";
            };
        }
    }

    /** A range in words: {@code ≥ 99}. */
    public static String range(Range range, String unit) {
        boolean least = Double.isFinite(range.min());
        boolean most = Double.isFinite(range.max());
        if (least && most) {
            return Figures.plain(range.min()) + " – " + Figures.plain(range.max()) + unit;
        }
        return least ? "≥ " + Figures.plain(range.min()) + unit : most ? "≤ " + Figures.plain(range.max()) + unit : "–";
    }
}
