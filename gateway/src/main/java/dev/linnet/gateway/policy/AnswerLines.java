package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.routing.policy.HeaderLine;
import java.util.List;

/** Adds lines to the head of each answer of a route. */
final class AnswerLines implements Check {
    private final List<HeaderLine> lines;

    AnswerLines(List<HeaderLine> lines) {
        this.lines = lines;
    }

    @Override
    public void visit(Visit visit) {
        decorate(visit);
        visit.pass();
    }

    @Override
    public void decorate(Visit visit) {
        for (HeaderLine line : lines) {
            visit.responseEdits().set(line.name(), line.value());
        }
    }
}
