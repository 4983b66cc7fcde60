package dev.linnet.cli.explain;

import dev.linnet.routing.Explanation;
import java.io.PrintWriter;
import java.util.Locale;

/** An explanation for people: the answer first, then how it came about. */
final class ExplanationText {
    private final PrintWriter out;

    ExplanationText(PrintWriter out) {
        this.out = out;
    }

    /** @param request as it was asked for, {@code GET http://shop.example.com/} */
    void print(String request, Explanation explanation) {
        out.println(request);
        out.println(answer(explanation));
        out.println();
        int number = 1;
        for (String step : explanation.steps()) {
            out.println("  " + number++ + ". " + step);
        }
        if (explanation.chances().size() > 1) {
            out.println();
            out.println("By chance:");
            explanation
                    .chances()
                    .forEach(chance -> out.println(String.format(
                            Locale.ROOT,
                            "  %5.1f %%  %s (%s, %s)",
                            chance.share() * 100,
                            chance.target().backend(),
                            chance.target().side(),
                            chance.target().source())));
        }
        if (!explanation.others().isEmpty()) {
            out.println();
            out.println("Not taken:");
            explanation.others().forEach(other -> out.println("  " + other.what() + ": " + other.reason()));
        }
        if (!explanation.problems().isEmpty()) {
            out.println();
            out.println("Probably not intended:");
            explanation.problems().forEach(problem -> out.println("  " + problem));
        }
    }

    private static String answer(Explanation explanation) {
        if (explanation.chances().size() > 1) {
            return "Chance decides between " + explanation.chances().size() + " versions.";
        }
        return explanation
                .side()
                .filter(_ -> explanation.status() == 0)
                .map(side -> "Goes to " + side.backend() + " (" + side.side() + ", " + side.source() + ").")
                .orElse("Is answered " + explanation.status() + " by the gateway.");
    }
}
