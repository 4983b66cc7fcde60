package dev.linnet.cli.rollouts;

import dev.linnet.cli.rollouts.RolloutView.Action;
import dev.linnet.cli.rollouts.RolloutView.Check;
import dev.linnet.cli.rollouts.RolloutView.Entry;
import dev.linnet.cli.rollouts.RolloutView.Measured;
import dev.linnet.cli.rollouts.RolloutView.Pod;
import dev.linnet.cli.rollouts.RolloutView.RunView;
import dev.linnet.cli.rollouts.RolloutView.Side;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Rollouts for people; in colours on a terminal. */
final class RolloutText {
    private static final int RUNS = 5;
    private static final int LATEST = 8;

    private final Ansi ansi;
    private final NumberFormat numbers = new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT));

    RolloutText(Ansi ansi) {
        this.ansi = ansi;
    }

    /** One as a tree: what it is, what serves, and what was released. */
    List<String> tree(RolloutView view) {
        List<String> lines = new ArrayList<>();
        lines.add(painted("bold", view.title()) + "  " + phase(view.phase()) + "  " + progress(view));
        lines.add("  " + view.strategy());
        if (!view.waitingFor().isEmpty()) {
            lines.add("  waits for " + view.waitingFor());
        }
        lines.add("");
        view.sides().forEach(side -> side(side, lines));
        runs(view.runs(), lines);
        view.run().filter(run -> !run.events().isEmpty()).ifPresent(run -> events(run, lines));
        view.run().filter(run -> !run.checks().isEmpty()).ifPresent(run -> checks(run, lines));
        return lines;
    }

    private String progress(RolloutView view) {
        RolloutView.Progress progress = view.progress();
        List<String> facts = new ArrayList<>();
        facts.add("weight " + progress.weight() + " %");
        if (progress.iterations() > 0) {
            facts.add("iteration " + progress.iterations());
        }
        facts.add(progress.failedChecks() + " of " + progress.threshold() + " checks failed");
        return String.join(", ", facts);
    }

    private void side(Side side, List<String> lines) {
        String colour = side.role().equals("canary") ? "green" : "blue";
        lines.add("├─ " + painted(colour, side.role() + "  " + side.workload()) + "  "
                + String.join(", ", side.images()) + "  " + side.traffic() + "  " + side.ready() + "/" + side.wanted()
                + " ready");
        for (int i = 0; i < side.pods().size(); i++) {
            Pod pod = side.pods().get(i);
            String branch = i == side.pods().size() - 1 ? "│  └─ " : "│  ├─ ";
            String restarts = pod.restarts() == 0 ? "" : ", restarted " + pod.restarts() + " times";
            String status = pod.status() + (pod.ready() ? "" : ", not ready") + restarts;
            lines.add(branch + pod.name() + "  " + (pod.ready() ? status : painted("yellow", status)));
        }
    }

    private void runs(List<RunView> runs, List<String> lines) {
        lines.add("└─ runs" + (runs.isEmpty() ? ": none" : ""));
        List<RunView> shown = runs.subList(0, Math.min(RUNS, runs.size()));
        for (int i = 0; i < shown.size(); i++) {
            RunView run = shown.get(i);
            lines.add((i == shown.size() - 1 ? "   └─ " : "   ├─ ") + run.number() + "  " + phase(run.phase()) + "  "
                    + String.join(", ", run.images()) + "  since " + seconds(run.began())
                    + (run.ending().isEmpty() ? "" : "  " + run.ending()));
        }
    }

    private void events(RunView run, List<String> lines) {
        lines.add("");
        for (Entry event : latest(run.events())) {
            lines.add("  " + painted("faint", seconds(event.at())) + "  "
                    + (event.warning() ? painted("yellow", event.message()) : event.message()));
        }
    }

    private void checks(RunView run, List<String> lines) {
        lines.add("");
        for (Check check : latest(run.checks())) {
            String share = check.iterations() > 0 ? "iteration " + check.iterations() : check.weight() + " %";
            List<String> metrics = check.metrics().stream().map(this::measured).toList();
            lines.add("  " + painted("faint", seconds(check.at())) + "  " + share + ": " + String.join(", ", metrics));
        }
    }

    private String measured(Measured metric) {
        String value = metric.value() == null ? "no value" : numbers.format(metric.value());
        String text = metric.name() + " " + value;
        return switch (metric.verdict()) {
            case "pass" -> text;
            case "fail" -> painted("red", text + " (fail)");
            default -> painted("yellow", text + " (" + metric.verdict() + ")");
        };
    }

    private static <T> List<T> latest(List<T> all) {
        return all.subList(Math.max(0, all.size() - LATEST), all.size());
    }

    /** Many as a table. */
    List<String> table(List<RolloutView> views) {
        Table table = new Table("NAMESPACE", "NAME", "PHASE", "WEIGHT", "FAILED", "VERSION", "WAITS FOR");
        views.forEach(view -> table.add(
                view.namespace(),
                view.name(),
                view.phase().isEmpty() ? "-" : view.phase(),
                view.progress().weight() + " %",
                view.progress().failedChecks() + "/" + view.progress().threshold(),
                view.run().map(run -> String.join(",", run.images())).orElse("-"),
                view.waitingFor()));
        return table.lines();
    }

    /** All Runs of some Canaries, and what persons did. */
    List<String> history(List<RolloutView> views) {
        Table table = new Table("CANARY", "RUN", "VERSION", "PHASE", "BEGAN", "TOOK", "WHY AND BY WHOM");
        for (RolloutView view : views) {
            for (RunView run : view.runs()) {
                table.add(
                        view.title(),
                        Integer.toString(run.number()),
                        String.join(",", run.images()),
                        run.phase(),
                        seconds(run.began()),
                        took(run),
                        run.ending());
                run.actions().forEach(action -> table.add("", "", "", "", seconds(action.at()), "", text(action)));
            }
        }
        return table.lines();
    }

    private static String text(Action action) {
        return action.verb() + " by " + action.by()
                + (action.refused().isEmpty() ? "" : ": refused, " + action.refused());
    }

    private static String took(RunView run) {
        if (run.ended().isEmpty()) {
            return "";
        }
        Duration took = Duration.between(Instant.parse(run.began()), Instant.parse(run.ended()));
        return (took.isNegative() ? Duration.ZERO : Duration.ofSeconds(took.toSeconds()))
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }

    private static String seconds(String time) {
        return Instant.ofEpochSecond(Instant.parse(time).getEpochSecond()).toString();
    }

    private String phase(String phase) {
        return switch (phase) {
            case "" -> painted("yellow", "not looked at by a controller");
            case "Succeeded", "Initialized" -> painted("green", phase);
            case "Failed" -> painted("red", phase);
            default -> painted("yellow", phase);
        };
    }

    private String painted(String style, String text) {
        return ansi.enabled() ? ansi.string("@|" + style + " " + text + "|@") : text;
    }
}
