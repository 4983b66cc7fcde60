package dev.linnet.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Tells people: colours and a moving bar on a terminal, plain lines in a pipe. */
final class TextTeller implements Teller {
    private static final int BAR = 40;
    private static final String BLUE = "34";
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String YELLOW = "33";
    private static final String BOLD = "1";
    private static final String DIM = "2";

    private final PrintWriter out;
    private final boolean terminal;
    private boolean lineOpen;

    /** @param terminal whether colours and rewriting a line are welcome */
    TextTeller(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void chapter(String title) {
        closeLine();
        out.println();
        out.println(paint(BOLD, title));
        out.flush();
    }

    @Override
    public void event(String name, String sentence, Map<String, ?> facts) {
        closeLine();
        out.println("  " + mark(name) + " " + sentence);
        out.flush();
    }

    private String mark(String name) {
        return switch (name) {
            case "failed" -> paint(RED, "✗");
            case "event" -> paint(DIM, "·");
            case "warning" -> paint(YELLOW, "!");
            case "alert" -> paint(BLUE, "✉");
            default -> paint(GREEN, "✓");
        };
    }

    @Override
    public void traffic(TrafficLine line) {
        if (terminal) {
            out.print("\r\u001b[K" + text(line, " "));
            out.flush();
            lineOpen = true;
        }
    }

    @Override
    public void step(TrafficLine line, boolean asExpected) {
        closeLine();
        out.println(text(line, asExpected ? paint(GREEN, "✓") : paint(RED, "✗")));
        out.flush();
    }

    @Override
    public void summary(Summary summary) {
        closeLine();
        out.println();
        out.println(paint(BOLD, "Summary"));
        for (Summary.Step step : summary.steps()) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %6.1f s  %-6s weight %3d %%  took %5.1f %% of %5d requests",
                    Summary.seconds(step.at()),
                    step.canary(),
                    step.weight(),
                    step.measuredShare(),
                    step.requests()));
        }
        out.println();
        summary.total().versions().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(version -> out.println(String.format(
                        Locale.ROOT,
                        "  %-6s answered %6d requests, %d of them failed",
                        version.getKey(),
                        version.getValue().all(),
                        version.getValue().failed())));
        out.println("  requests that failed and should not have: " + painted(summary.wronglyFailed()));
        out.println("  " + summary.badVersion() + " had no traffic any more " + text(summary.timeToRollBack())
                + " after its first failure; its last one came after " + text(summary.harm()));
        out.println();
        out.println(
                summary.good()
                        ? paint(GREEN, "Both releases ended as they should, in " + text(summary.took()) + ".")
                        : paint(RED, "Something did not end as it should; see above."));
        out.flush();
    }

    private String painted(long wrong) {
        return paint(wrong == 0 ? GREEN : RED, Long.toString(wrong));
    }

    private String text(TrafficLine line, String mark) {
        Tally traffic = line.traffic();
        int canary = (int) Math.round(traffic.share(line.canary()) * BAR / 100);
        long failed = traffic.versions().values().stream()
                        .mapToLong(Tally.Count::failed)
                        .sum()
                + traffic.lost();
        String bar = paint(BLUE, "█".repeat(BAR - canary)) + paint(GREEN, "█".repeat(canary));
        String plain = "▓".repeat(BAR - canary) + "░".repeat(canary);
        return String.format(
                Locale.ROOT,
                "  %s weight %3d %%  %s  %s %5.1f %%  %s %5.1f %%  %s",
                mark,
                line.weight(),
                terminal ? bar : plain,
                line.stable(),
                traffic.share(line.stable()),
                line.canary(),
                traffic.share(line.canary()),
                failed == 0
                        ? paint(DIM, traffic.answered() + " requests, none failed")
                        : paint(RED, traffic.answered() + " requests, " + failed + " failed"));
    }

    /** What comes next takes the place of the traffic as it was a moment ago. */
    private void closeLine() {
        if (lineOpen) {
            out.print("\r\u001b[K");
            lineOpen = false;
        }
    }

    private String paint(String colour, String text) {
        return terminal ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    private static String text(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
