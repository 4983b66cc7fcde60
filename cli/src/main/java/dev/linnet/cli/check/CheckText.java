package dev.linnet.cli.check;

import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/** A check for people; in colours on a terminal. */
final class CheckText {
    private final PrintWriter out;
    private final Ansi ansi;

    CheckText(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void print(Checked checked) {
        checked.reports().forEach(this::print);
        checked.mistakes().forEach(mistake -> out.println(painted("red", "unreadable") + "  " + mistake));
        long objects = checked.reports().stream().filter(ObjectReport::ours).count();
        out.println(objects + " objects: " + checked.count(Standing.OBEYED) + " settings obeyed, "
                + checked.count(Standing.DIFFERS) + " with a difference, " + checked.count(Standing.NOT_OBEYED)
                + " not obeyed");
    }

    private void print(ObjectReport report) {
        String name = report.object().namespace().isEmpty()
                ? report.object().kind() + " " + report.object().name()
                : report.object().toString();
        if (!report.ours()) {
            out.println(painted("bold", name) + "  not ours: " + report.reason());
            out.println();
            return;
        }
        out.println(painted("bold", name));
        report.findings().forEach(this::print);
        out.println();
    }

    private void print(Finding finding) {
        String words = finding.words().isEmpty() ? "" : " " + finding.words();
        String mark = switch (finding.standing()) {
            case OBEYED -> painted("green", "obeyed    ");
            case DIFFERS -> painted("yellow", "differs   ");
            case NOT_OBEYED -> painted("red", "not obeyed");
            case GONE -> painted("faint", "gone      ");
            case FOREIGN -> painted("faint", "other     ");
        };
        String colon = switch (finding.standing()) {
            case DIFFERS, GONE -> words.isEmpty() ? "" : ":";
            case OBEYED, NOT_OBEYED, FOREIGN -> "";
        };
        out.println("  " + mark + "  " + finding.what() + colon + words);
    }

    private String painted(String style, String text) {
        return ansi.enabled() ? ansi.string("@|" + style + " " + text + "|@") : text;
    }
}
