package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;

/** Sends every client elsewhere. */
record RedirectElsewhere(Redirects redirects, Elsewhere where) implements Check {

    @Override
    public void visit(Visit visit) {
        answer(visit, where.status(), redirects.location(where, visit.asked()));
    }

    static void answer(Visit visit, int status, String location) {
        visit.answer(status, Failure.NONE, "", "Location: " + location + "\r\n");
    }
}
