package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.routing.policy.HeadEdits;

/** Changes heads as the route says (spec of Istio, §1.18). */
record HeadChanges(HeadEdits edits) implements Check {

    @Override
    public void visit(Visit visit) {
        HeadEdits.Lines request = edits.request();
        request.drop().forEach(name -> visit.requestEdits().drop(name));
        request.set().forEach(line -> visit.requestEdits().set(line.name(), line.value()));
        request.add().forEach(line -> visit.requestEdits().add(line.name(), line.value()));
        decorate(visit);
        visit.pass();
    }

    @Override
    public void decorate(Visit visit) {
        HeadEdits.Lines answer = edits.answer();
        answer.drop().forEach(name -> visit.responseEdits().drop(name));
        answer.set().forEach(line -> visit.responseEdits().set(line.name(), line.value()));
        answer.add().forEach(line -> visit.responseEdits().add(line.name(), line.value()));
    }
}
