package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.policy.Cors;

/** Tells browsers what pages of other origins may, and answers their preflights (spec of ingress-nginx, §4.6). */
final class CorsCheck implements Check {
    private static final String ALLOW = "Access-Control-Allow-";

    private final Cors cors;

    CorsCheck(Cors cors) {
        this.cors = cors;
    }

    @Override
    public void visit(Visit visit) {
        boolean allowed = allow(visit);
        if (allowed && visit.head().method() == Method.OPTIONS) {
            visit.answer(204, Failure.NONE, "", "");
        } else {
            visit.pass();
        }
    }

    @Override
    public void decorate(Visit visit) {
        allow(visit);
    }

    /** An origin that may not is not told so: it is told nothing, and its browser keeps the answer from it. */
    private boolean allow(Visit visit) {
        String origin = visit.head().headerText("origin");
        if (!cors.anyOrigin() && (origin.isEmpty() || !cors.allows(origin))) {
            if (!cors.origins().isEmpty()) {
                visit.responseEdits().add("Vary", "Origin");
            }
            return false;
        }
        ResponseEdits edits = visit.responseEdits();
        edits.set(ALLOW + "Origin", cors.anyOrigin() ? "*" : origin);
        if (!cors.anyOrigin()) {
            edits.add("Vary", "Origin"); // caches must not give one origin's answer to another
        }
        if (cors.credentials()) {
            edits.set(ALLOW + "Credentials", "true");
        }
        if (!cors.methods().isEmpty()) {
            edits.set(ALLOW + "Methods", cors.methods());
        }
        if (!cors.headers().isEmpty()) {
            edits.set(ALLOW + "Headers", cors.headers());
        }
        if (!cors.exposed().isEmpty()) {
            edits.set("Access-Control-Expose-Headers", cors.exposed());
        }
        edits.set("Access-Control-Max-Age", String.valueOf(cors.maxAge()));
        return true;
    }
}
