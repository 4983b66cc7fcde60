package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.routing.policy.HeadEdits;

/** Changes heads as the route says (spec of Istio, §1.18). */
record HeadChanges(HeadEdits edits) implements Check {

    @Override
    public void visit(Visit visit) {
        visit.requestEdits().change(edits.request());
        decorate(visit);
        visit.pass();
    }

    @Override
    public void decorate(Visit visit) {
        visit.responseEdits().change(edits.answer());
    }
}
